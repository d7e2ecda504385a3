import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LogFollower } from '#engines/activemq/log-follower.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-follower-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const file = (number: number): string => join(directory, `activemq-${String(number)}.log`)

test('only what is written after the start is read, once', async () => {
  await writeFile(file(9), 'older')
  await writeFile(file(10), 'old')
  await writeFile(join(directory, 'audit-11.log'), 'other log')
  const follower = await LogFollower.fromEnd(directory, 'activemq')
  expect(await follower.next()).toBe('')
  await appendFile(file(10), 'new')
  expect(await follower.next()).toBe('new')
  expect(await follower.next()).toBe('')
})

test('the next files are followed in the order of their numbers', async () => {
  const follower = await LogFollower.fromEnd(directory, 'activemq')
  await writeFile(file(1), 'a')
  expect(await follower.next()).toBe('a')
  await appendFile(file(1), 'b')
  await writeFile(file(2), 'c')
  await writeFile(file(10), 'd')
  expect(await follower.next()).toBe('bcd')
})

test('a folder that is not there yet is an empty log', async () => {
  const follower = await LogFollower.fromEnd(join(directory, 'later'), 'activemq')
  expect(await follower.next()).toBe('')
})

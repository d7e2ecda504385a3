import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identifyProcess } from '#kernel/process-identity.ts'
import { endLeftover, readOwner, writeOwner } from './leftover.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leftover-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('an owner is noted for its user alone and read back', () => {
  const file = join(directory, 'owner.json')
  writeOwner(file)
  expect(readOwner(file)).toEqual(identifyProcess(process.pid))
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test.each(['', 'rubbish', 'null', '[]', '{"pid":"1","startTime":"2"}', '{"pid":1}'])('%j names no owner', (text) => {
  const file = join(directory, 'owner.json')
  writeFileSync(file, text)
  expect(readOwner(file)).toBeUndefined()
  expect(readOwner(join(directory, 'missing.json'))).toBeUndefined()
})

test('exactly the process that was meant is ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const owner = identifyProcess(child.pid ?? 0)
  if (owner === undefined) throw new Error('the child is not there')
  expect(await endLeftover({ ...owner, startTime: 'another' }, 1_000)).toBe(false)
  expect(identifyProcess(owner.pid)).toEqual(owner)
  expect(await endLeftover(owner, 5_000)).toBe(true)
  expect(await endLeftover(owner, 1_000)).toBe(false)
})

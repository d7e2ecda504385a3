import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LogFile, following, listLogFiles, whereabouts } from '#delivery/sources/log-files/listing.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-listing-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

const write = (name: string, text: string): void => writeFileSync(join(directory, name), text)
const list = async (known: readonly LogFile[] = []): Promise<readonly LogFile[]> =>
  (await listLogFiles(directory, 'audit', known)) ?? []

test('only numbered files of the prefix count, by number', async () => {
  for (const name of [
    'audit-10.log',
    'audit-9.log',
    'audit-.log',
    'audit-1.log.gz',
    'audit-01.log',
    'audit-x.log',
    'audit.log',
    'activemq-1.log',
    'audit-0.log',
    'xaudit-2.log',
  ]) {
    write(name, name)
  }
  const files = await list()
  expect(files.map(({ number, size }) => [number, size])).toEqual([
    [9, 11],
    [10, 12],
  ])
  expect(files[0]?.inode).toBe(String(statSync(join(directory, 'audit-9.log')).ino))
})

test('a directory that is not there is told from an empty one', async () => {
  expect(await listLogFiles(join(directory, 'none'), 'audit', [])).toBeUndefined()
  expect(await list()).toEqual([])
})

test('the file that was the highest is measured again when another one follows', async () => {
  write('audit-1.log', 'a')
  const before = await list()
  write('audit-1.log', 'abc')
  write('audit-2.log', 'd')
  expect((await list(before)).map(({ size }) => size)).toEqual([3, 1])
})

test('nothing is taken from before when numbers began again', async () => {
  for (const number of [1, 2, 3]) write(`audit-${String(number)}.log`, 'old')
  const before = await list()
  renameSync(directory, `${directory}-old`)
  mkdirSync(directory)
  write('audit-1.log', 'n')
  write('audit-2.log', 'n')
  const after = await list(before)
  rmSync(`${directory}-old`, { recursive: true })
  expect(after.map(({ size }) => size)).toEqual([1, 1])
})

const file = (number: number, inode = `inode-${String(number)}`): LogFile => ({ number, inode, size: 1 })

test.each([
  { name: 'its own file is there', files: [file(3), file(4)], want: { kind: 'same', file: file(3) } },
  {
    name: 'its file is gone and later ones are there',
    files: [file(2), file(5)],
    want: { kind: 'next', file: file(5) },
  },
  { name: 'only lower numbers are there', files: [file(1), file(2)], want: { kind: 'new-run', file: file(1) } },
  {
    name: 'another inode is under its number',
    files: [file(1), file(3, 'other')],
    want: { kind: 'new-run', file: file(1) },
  },
  { name: 'there are no files', files: [], want: undefined },
])('a place when $name', ({ files, want }) => {
  expect(whereabouts(files, { number: 3, inode: 'inode-3' })).toEqual(want)
})

test.each([
  { name: 'the next number', files: [file(3), file(6)], want: 6 },
  { name: 'nothing while it is the last', files: [file(3)], want: undefined },
  { name: 'the lowest of a new run', files: [file(1), file(2)], want: 1 },
  { name: 'the lowest of a new run that reached its number', files: [file(1), file(3, 'other')], want: 1 },
  { name: 'a later one when it was deleted', files: [file(4)], want: 4 },
  { name: 'nothing when all are gone', files: [], want: undefined },
])('a file is followed by $name', ({ files, want }) => {
  expect(following(files, file(3))?.number).toBe(want)
})

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readLedger, writeLedger } from '#delivery/sources/log-files/ledger.ts'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-ledger-'))
  path = join(directory, 'activemq.passed.json')
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

test('what was written is read again, and replaces what was there', async () => {
  expect(await readLedger(path)).toBeUndefined()
  await writeLedger(path, { mark: { sequence: 5, position: 'p' }, lostBytes: 3 })
  await writeLedger(path, { mark: { sequence: 9, position: 'q' }, lostBytes: 4 })
  expect(await readLedger(path)).toEqual({ mark: { sequence: 9, position: 'q' }, lostBytes: 4 })
  expect(existsSync(`${path}.new`)).toBe(false)
})

test('a write that was cut off leaves the one before', async () => {
  await writeLedger(path, { mark: { sequence: 5, position: 'p' }, lostBytes: 3 })
  writeFileSync(`${path}.new`, '{"format":1,"sequ')
  expect((await readLedger(path))?.mark.sequence).toBe(5)
})

test.each([
  '',
  '{',
  'null',
  '{"format":2,"sequence":1,"position":"p","lostBytes":0}',
  '{"format":1,"sequence":-1,"position":"p","lostBytes":0}',
  '{"format":1,"sequence":1,"position":7,"lostBytes":0}',
])('a ledger that cannot be understood is refused and left alone: %s', async (text) => {
  writeFileSync(path, text)
  await expect(readLedger(path)).rejects.toThrow('cannot be understood')
  expect(readFileSync(path, 'utf8')).toBe(text)
})

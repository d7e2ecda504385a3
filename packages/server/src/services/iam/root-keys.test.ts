import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountOfAccessKeyId } from '#services/iam/iam-ids.ts'
import { loadOrCreateRootKey } from '#services/iam/port.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'root-key-'))
  file = join(directory, 'credentials.json')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('a root key is made once, kept in a private file, and read again', () => {
  const key = loadOrCreateRootKey(file)
  expect(key).toMatchObject({ account: '000000000000', accessKeyId: expect.stringMatching(/^AKIA/), file })
  expect(key.secret).toHaveLength(40)
  expect(accountOfAccessKeyId(key.accessKeyId)).toBe('000000000000')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(directory)).toEqual(['credentials.json'])
  expect(loadOrCreateRootKey(file)).toEqual(key)
})

test('two files have different keys', () => {
  const other = loadOrCreateRootKey(join(directory, 'other.json'))
  expect(loadOrCreateRootKey(file).secret).not.toBe(other.secret)
})

test('a file that others could read is made private again', () => {
  const key = loadOrCreateRootKey(file)
  chmodSync(file, 0o644)
  expect(loadOrCreateRootKey(file)).toEqual(key)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('what a crash left half-written is replaced', () => {
  writeFileSync(`${file}.new`, '{"account":', { mode: 0o644 })
  const key = loadOrCreateRootKey(file)
  expect(loadOrCreateRootKey(file)).toEqual(key)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test.each([
  '',
  '{',
  '[]',
  '{"account":"1","accessKeyId":"AKIA","secret":"s"}',
  '{"account":"000000000000","accessKeyId":"AKIA","secret":""}',
])('a file that holds %j is refused in a sentence and left alone', (text) => {
  writeFileSync(file, text)
  expect(() => loadOrCreateRootKey(file)).toThrow('is not a root key with account, accessKeyId and secret')
  expect(readFileSync(file, 'utf8')).toBe(text)
})

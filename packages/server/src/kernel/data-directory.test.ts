import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DATA_LAYOUT, ownerOf, takeDataDirectory } from '#kernel/data-directory.ts'
import { identifyProcess } from '#kernel/process-identity.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'sluice-data-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

test('a second start says who holds the directory, and where', () => {
  const data = takeDataDirectory(path)
  data.announce('http://127.0.0.1:4566')
  expect(() => takeDataDirectory(path)).toThrow(`in use by process ${String(process.pid)} at http://127.0.0.1:4566`)
  expect(ownerOf(path)?.url).toBe('http://127.0.0.1:4566')
  data.release()
  expect(ownerOf(path)).toBeUndefined()
})

test('the lock of a process that was killed does not keep the next one out', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const identity = identifyProcess(child.pid as number)
  writeFileSync(join(path, 'lock'), JSON.stringify({ ...identity, url: '' }))
  expect(() => takeDataDirectory(path)).toThrow(`process ${String(child.pid)}`)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  takeDataDirectory(path).release()
})

test('a directory of a newer version is refused untouched', () => {
  writeFileSync(join(path, 'layout'), String(DATA_LAYOUT + 1))
  expect(() => takeDataDirectory(path)).toThrow('written by a newer version')
  expect(readdirSync(path)).toEqual(['layout'])
  expect(readFileSync(join(path, 'layout'), 'utf8')).toBe(String(DATA_LAYOUT + 1))
})

test("a directory of an earlier version is this version's from then on", () => {
  writeFileSync(join(path, 'layout'), '1\n')
  takeDataDirectory(path).release()
  expect(readdirSync(path)).toEqual(['layout'])
  expect(readFileSync(join(path, 'layout'), 'utf8')).toBe(`${String(DATA_LAYOUT)}\n`)
})

test('only its owner may look into the directory', () => {
  const inner = join(path, 'data')
  takeDataDirectory(inner).release()
  expect(statSync(inner).mode & 0o777).toBe(0o700)
})

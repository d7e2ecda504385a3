import fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identifyProcess } from '#kernel/process-identity.ts'
import { parseStat, readLaunched, stillRuns } from '#supervisor/launched.ts'

const stat = (pid: number, name: string, start: number): string =>
  `${String(pid)} (${name}) S ${Array.from({ length: 18 }, (_, index) => String(index)).join(' ')} ${String(start)} 1 2 3`

test('pid and start time are found whatever the name of the process holds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4_194_304 }), fc.string(), fc.nat(), (pid, name, start) => {
      expect(parseStat('boot', stat(pid, name, start))).toEqual({ boot: 'boot', pid, startTime: String(start) })
    }),
  )
})

test.each(['', 'x', '12', '12 (a)', '12 (a) S 1 2 3', stat(0, 'a', 5)])('%j is no stat line', (line) => {
  expect(parseStat('boot', line)).toBeUndefined()
})

test('a half-written or missing note is none', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-launched-'))
  const file = join(directory, 'process')
  expect(readLaunched(file)).toBeUndefined()
  for (const text of ['', 'boot', 'boot\n', 'boot\n12 (a', `\n${stat(12, 'a', 5)}`]) {
    await writeFile(file, text)
    expect(readLaunched(file)).toBeUndefined()
  }
  await rm(directory, { recursive: true })
})

test('the same pid and start time in another boot of the machine is another process', () => {
  const self = identifyProcess(process.pid)
  expect(self).toBeDefined()
  expect(stillRuns({ ...self!, boot: 'an earlier one' })).toBe(false)
})

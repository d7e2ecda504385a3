import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endTornEvents, logFile, logNumbers } from '#engines/activemq/log-files.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-log-files-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('numbers are those of this log, in the order of their values', async () => {
  for (const name of [
    'activemq-2.log',
    'activemq-10.log',
    'audit-3.log',
    'activemq-x.log',
    'activemq-4.log.gz',
    'my-activemq-5.log',
  ]) {
    await writeFile(join(directory, name), '')
  }
  expect(await logNumbers(directory, 'activemq')).toEqual([2, 10])
  expect(await logNumbers(join(directory, 'none'), 'activemq')).toEqual([])
})

test.each([
  { name: 'a whole event is left as it is', before: '1 a\u001E\n', after: '1 a\u001E\n' },
  {
    name: 'a torn event is ended',
    before: '1 a\u001E\n2 b\nsecond line',
    after: '1 a\u001E\n2 b\nsecond line\u001E\n',
  },
  { name: 'an event that lacks only its line feed gets it', before: '1 a\u001E', after: '1 a\u001E\n' },
  { name: 'a line feed of the text is no end', before: '1 a\n', after: '1 a\n\u001E\n' },
  { name: 'a single character is ended', before: '1', after: '1\u001E\n' },
  { name: 'an empty file stays empty', before: '', after: '' },
])('$name', async ({ before, after }) => {
  await writeFile(logFile(directory, 'audit', 7), before)
  await endTornEvents(directory)
  await endTornEvents(directory)
  expect(await readFile(logFile(directory, 'audit', 7), 'utf8')).toBe(after)
})

test('only the newest file can be torn; older ones are not touched', async () => {
  await writeFile(logFile(directory, 'activemq', 9), 'old')
  await writeFile(logFile(directory, 'activemq', 10), 'new')
  await endTornEvents(directory)
  expect(await readFile(logFile(directory, 'activemq', 9), 'utf8')).toBe('old')
  expect(await readFile(logFile(directory, 'activemq', 10), 'utf8')).toBe('new\u001E\n')
})

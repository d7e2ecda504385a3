import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { printedEvent } from '#cli/commands/logs/printed-event.ts'

const EVENT = { logStreamName: 'activemq-b-1-1.log', timestamp: 1_795_255_200_123, ingestionTime: 0 }

test('time, stream and message are a line; one line end at the end of a message is its own', () => {
  const line = '2026-11-21T10:00:00.123Z activemq-b-1-1.log INFO\n'
  for (const message of ['INFO', 'INFO\n', 'INFO\r\n']) expect(printedEvent({ ...EVENT, message }, false)).toBe(line)
})

test('a stack trace keeps its lines', () => {
  expect(printedEvent({ ...EVENT, message: 'E\n\tat a\n\n' }, false)).toMatch(/ E\n\tat a\n\n$/)
})

test('a terminal is not obeyed by what somebody wrote into a log; a file has it as it was written', () => {
  const event = { ...EVENT, message: 'a\u001B[2Jb\u009Bc\td\ne', logStreamName: 's\u0007' }
  const shown = stripVTControlCharacters(printedEvent(event, true))
  expect(shown).toBe('2026-11-21T10:00:00.123Z s\uFFFD a\uFFFD[2Jb\uFFFDc\td\ne\n')
  expect(printedEvent(event, false)).toContain('a\u001B[2Jb\u009Bc')
})

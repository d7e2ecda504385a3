import { expect, test } from 'vitest'
import { MAX_SEQ, eventId } from '#services/logs/events/event-id.ts'
import { beforeAll, eventToken, justAfter, justBefore, readEventToken } from '#services/logs/events/event-token.ts'

const at = { timestamp: 1_795_000_000_000, ingestionTime: 1_795_000_000_500, seq: 5 * 2 ** 14 + 7 }

test('a token names its direction and the id of an event', () => {
  expect(eventToken('forward', at)).toBe(`f/${eventId(at)}/s`)
  expect(eventToken('backward', at)).toBe(`b/${eventId(at)}/s`)
})

test('a token is read with or without its ending', () => {
  expect(readEventToken(`f/${eventId(at)}/s`)).toEqual({ direction: 'forward', at })
  expect(readEventToken(`b/${eventId(at)}`)).toEqual({ direction: 'backward', at })
})

test.each(['', 'x', 'f/', 'f//s', 'f/abc/s', 'g/12/s', `f/${'9'.repeat(80)}/s`, 'f/65535/s', 'f/12/s/x'])(
  '%j is refused as a token',
  (token) => {
    expect(() => readEventToken(token)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException', message: 'The specified nextToken is invalid.' }),
    )
  },
)

test('the positions beside an event enclose it', () => {
  expect(justAfter(at)).toEqual({ ...at, seq: at.seq + 1 })
  expect(justBefore(at)).toEqual({ ...at, seq: at.seq - 1 })
  expect(justAfter({ ...at, seq: MAX_SEQ })).toEqual({ ...at, timestamp: at.timestamp + 1, seq: 0 })
  expect(justBefore({ ...at, seq: 0 })).toEqual({ ...at, timestamp: at.timestamp - 1, seq: MAX_SEQ })
})

test('the position before all events of a time is the end of the millisecond before it', () => {
  expect(beforeAll(1_000)).toEqual({ timestamp: 999, ingestionTime: 0, seq: MAX_SEQ })
  expect(beforeAll(0)).toEqual({ timestamp: 0, ingestionTime: 0, seq: 0 })
  expect(beforeAll(-5)).toEqual(beforeAll(0))
})

import { expect, test } from 'vitest'
import { basicTime, isoSeconds, parseRequestTime } from './time.ts'

const AT = Date.UTC(2026, 10, 21, 10)

test('both forms of a request time are read, in any order and again', () => {
  for (let turn = 0; turn < 2; turn++) {
    expect(parseRequestTime('20261121T100000Z')).toBe(AT)
    expect(parseRequestTime('Sat, 21 Nov 2026 10:00:00 GMT')).toBe(AT)
    expect(parseRequestTime('20261121T100001Z')).toBe(AT + 1_000)
  }
})

test.each(['', '2026-11-21T10:00:00Z', '20261321T100000Z', '20261121T100000', 'yesterday', 'Sat, nonsense'])(
  '%j is no time of a request',
  (text) => {
    expect(parseRequestTime(text)).toBeUndefined()
  },
)

test('a time is written without its parts of a second, and read back', () => {
  expect([basicTime(AT), basicTime(AT + 999), isoSeconds(AT + 999)]).toEqual([
    '20261121T100000Z',
    '20261121T100000Z',
    '2026-11-21T10:00:00Z',
  ])
  // What was written from parts of a second must not be read back as them.
  expect(parseRequestTime('20261121T100000Z')).toBe(AT)
})

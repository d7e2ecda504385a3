import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf } from '#cli/commands/logs/since.ts'

const NOW = Date.parse('2026-11-21T10:00:00Z')

test.each([
  ['30s', '2026-11-21T09:59:30.000Z'],
  ['10m', '2026-11-21T09:50:00.000Z'],
  ['2h', '2026-11-21T08:00:00.000Z'],
  ['1d', '2026-11-20T10:00:00.000Z'],
  ['1w', '2026-11-14T10:00:00.000Z'],
  ['0s', '2026-11-21T10:00:00.000Z'],
  ['2026-11-20T01:02:03Z', '2026-11-20T01:02:03.000Z'],
  ['2026-11-20T02:02:03.5+01:00', '2026-11-20T01:02:03.500Z'],
  ['999999999w', '1970-01-01T00:00:00.000Z'],
])('%s is %s', (since, want) => {
  expect(new Date(instantOf(since, NOW)).toISOString()).toBe(want)
})

test.each(['', '10', 'm', '-5m', '10 minutes', '1.5h', '10M', 'yesterday', '1h30m'])(
  '"%s" is refused in a sentence',
  (since) => {
    expect(() => instantOf(since, NOW)).toThrow(`--since is "${since}", but it must be like 30s, 10m`)
  },
)

test('no text is anything but an instant from 1970 on, or a refusal', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{0,12}[smhdw]?$/)), (since) => {
      try {
        expect(instantOf(since, NOW)).toBeGreaterThanOrEqual(0)
      } catch (error) {
        expect((error as Error).message).toMatch(/^--since is "/)
      }
    }),
    { seed: 20_261_121 },
  )
})

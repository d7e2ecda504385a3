import { expect, test } from 'vitest'
import { type Reasoned, reasonData, reasonText } from '#services/cloudwatch/alarms/reason.ts'
import { type Datapoint, type StateValue, judge } from '#services/cloudwatch/alarms/verdict.ts'
import { numberText } from '#services/cloudwatch/alarms/written.ts'

const FROM = Date.UTC(2025, 6, 3, 8, 29)
const MINUTE = 60_000
const points = (...values: readonly (number | undefined)[]): readonly (Datapoint | undefined)[] =>
  values.map((value, index) => (value === undefined ? undefined : { at: FROM + index * MINUTE, value, sampleCount: 2 }))
const about = (changes: Partial<Reasoned> = {}): Reasoned => ({
  comparison: 'GreaterThanThreshold',
  threshold: 21,
  evaluated: 1,
  needed: 1,
  counts: false,
  treatment: 'missing',
  ...changes,
})
const verdictOf = (range: readonly (Datapoint | undefined)[], rule: Reasoned) =>
  judge(range, { ...rule, breaches: (value) => value > rule.threshold })
const say = (state: StateValue, range: readonly (Datapoint | undefined)[], changes: Partial<Reasoned> = {}): string =>
  reasonText(state, verdictOf(range, about(changes)), about(changes))

test('AWS’s own sentences', () => {
  expect(say('ALARM', points(21.5))).toBe(
    'Threshold Crossed: 1 datapoint [21.5 (03/07/25 08:29:00)] was greater than the threshold (21.0).',
  )
  const three = { evaluated: 3, needed: 1, counts: true, threshold: 31 }
  expect(say('ALARM', points(32, 40, 32.6), three)).toBe(
    'Threshold Crossed: 3 out of the last 3 datapoints [32.6 (03/07/25 08:31:00), 40.0 (03/07/25 08:30:00), 32.0 (03/07/25 08:29:00)] were greater than the threshold (31.0) (minimum 1 datapoint for OK -> ALARM transition).',
  )
  expect(say('OK', points(0), { counts: true })).toBe(
    'Threshold Crossed: 1 out of the last 1 datapoint [0.0 (03/07/25 08:29:00)] was not greater than the threshold (21.0) (minimum 1 datapoint for ALARM -> OK transition).',
  )
  expect(say('ALARM', points(undefined, undefined), { evaluated: 2, needed: 2, treatment: 'breaching' })).toBe(
    'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].',
  )
  expect(say('OK', points(undefined), { treatment: 'notBreaching' })).toBe(
    'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
  )
  expect(say('INSUFFICIENT_DATA', points(undefined))).toBe('Insufficient Data: 1 datapoint was unknown.')
})

test('many datapoints are counted, and the newest are listed', () => {
  const many = say('ALARM', points(30, 31, 32, 33, 34, 35), { evaluated: 6, needed: 6 })
  expect(many).toContain('Threshold Crossed: 6 datapoints were greater than the threshold (21.0). The most recent')
  expect(many).toContain('[35.0 (03/07/25 08:34:00), ')
  expect(many).not.toContain('30.0 (')
})

test('what stood in for missing ones is said beside those that were there', () => {
  const mixed = { evaluated: 2, needed: 2, treatment: 'breaching' } as const
  expect(say('ALARM', points(22, undefined), mixed)).toContain(
    'was greater than the threshold (21.0) and 1 missing datapoint was treated as [Breaching].',
  )
})

test.each([
  [0, '0.0'],
  [21, '21.0'],
  [-0.5, '-0.5'],
  [9_999_999, '9999999.0'],
  [200_000_000, '2.0E8'],
  [0.000_5, '5.0E-4'],
])('%d is written %s', (value, text) => {
  expect(numberText(value)).toBe(text)
})

test('the data say what decided: recent values oldest first, datapoints newest first, missing ones by their time', () => {
  const rule = about({ evaluated: 3, needed: 2, treatment: 'notBreaching' })
  const range = points(1, undefined, 5, undefined, 40)
  const evidence = {
    queryAt: FROM + 5 * MINUTE + 6_300,
    range,
    from: FROM,
    period: MINUTE,
    statistic: 'Sum',
    unit: undefined,
  }
  expect(JSON.parse(reasonData(verdictOf(range, rule), rule, evidence))).toEqual({
    version: '1.0',
    queryDate: '2025-07-03T08:34:06.300+0000',
    startDate: '2025-07-03T08:29:00.000+0000',
    statistic: 'Sum',
    period: 60,
    recentDatapoints: [1, 5, 40],
    threshold: 21,
    evaluatedDatapoints: [
      { timestamp: '2025-07-03T08:33:00.000+0000', sampleCount: 2, value: 40 },
      { timestamp: '2025-07-03T08:32:00.000+0000' },
      { timestamp: '2025-07-03T08:31:00.000+0000', sampleCount: 2, value: 5 },
      { timestamp: '2025-07-03T08:29:00.000+0000', sampleCount: 2, value: 1 },
    ],
  })
})

test('however many datapoints there are, reason and data stay within what AWS has room for', () => {
  const range = points(...Array.from({ length: 1_442 }, () => 1.234_567_890_123e-7))
  const rule = about({ evaluated: 1_440, needed: 1_440, threshold: 0, counts: true })
  const verdict = judge(range, { ...rule, breaches: () => true })
  const evidence = { queryAt: FROM, range, from: FROM, period: MINUTE, statistic: 'Average', unit: 'Percent' }
  expect(reasonText('ALARM', verdict, rule).length).toBeLessThan(1_023)
  expect(reasonData(verdict, rule, evidence).length).toBeLessThan(4_000)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from '#services/cloudwatch/math/evaluate.ts'
import { asksForMetrics, namesIn, parseExpression } from '#services/cloudwatch/math/parse.ts'
import { BadExpression } from '#services/cloudwatch/math/tokens.ts'
import { Budget, type Series, type Value } from '#services/cloudwatch/math/value.ts'

const MINUTE = 60_000
/** A series of one value a minute; `undefined` leaves the minute empty. */
const seriesOf = (id: string, ...values: readonly (number | undefined)[]): Series => ({
  id,
  label: id,
  period: MINUTE,
  points: new Map(values.flatMap((value, minute) => (value === undefined ? [] : [[minute * MINUTE, value] as const]))),
})
const metrics = [seriesOf('m1', 1, 2, undefined, 4), seriesOf('m2', 10, undefined, 30, 40), seriesOf('errors', 0, 0, 5)]

const run = (text: string, most = 10_000): Value =>
  evaluate(parseExpression(text), {
    valueOf: (id) => {
      const found = metrics.find((series) => series.id === id)
      return found && { kind: 'series', series: found }
    },
    metrics: () => metrics,
    grid: { from: 0, to: 4 * MINUTE },
    budget: new Budget(most),
  })
/** A number as it is, a series by minutes, several series one after the other. */
const shown = (text: string): unknown => {
  const value = run(text)
  const minutes = ({ points }: Series) => [...points].map(([at, each]) => [at / MINUTE, each])
  if (value.kind === 'scalar') return value.value
  return value.kind === 'series' ? minutes(value.series) : value.list.map(minutes)
}

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['2 ^ 3 ^ 2', 512],
  ['-2 ^ 2', -4],
  ['2 - 3 - 4', -5],
  ['8 / 4 / 2', 1],
  ['-(1 + 1)', -2],
  ['2 * -3', -6],
  ['1.5e2 + .5', 150.5],
  ['1 < 2 && 3 >= 3 || 0', 1],
  ['1 == 2 OR 1 != 1', 0],
  ['1 AND 0', 0],
] as const)('%s is %d', (text, want) => {
  expect(shown(text)).toBe(want)
})

test.each([
  [
    'm1 * 2',
    [
      [0, 2],
      [1, 4],
      [3, 8],
    ],
  ],
  [
    '100 - m1',
    [
      [0, 99],
      [1, 98],
      [3, 96],
    ],
  ],
  [
    'm1 + m2',
    [
      [0, 11],
      [3, 44],
    ],
  ],
  ['m1 / errors', []],
  [
    '-m1',
    [
      [0, -1],
      [1, -2],
      [3, -4],
    ],
  ],
  [
    'm1 > 1',
    [
      [0, 0],
      [1, 1],
      [3, 1],
    ],
  ],
  [
    'ABS(m1 - 2)',
    [
      [0, 1],
      [1, 0],
      [3, 2],
    ],
  ],
  [
    'CEIL(m1 / 4)',
    [
      [0, 1],
      [1, 1],
      [3, 1],
    ],
  ],
  [
    'FLOOR(m1 / 4)',
    [
      [0, 0],
      [1, 0],
      [3, 1],
    ],
  ],
  [
    'LOG10(m2)',
    [
      [0, 1],
      [2, Math.log10(30)],
      [3, Math.log10(40)],
    ],
  ],
  [
    'DIFF(m1)',
    [
      [1, 1],
      [3, 2],
    ],
  ],
  [
    'RATE(m2)',
    [
      [2, 20 / 120],
      [3, 10 / 60],
    ],
  ],
  [
    'RUNNING_SUM(m1)',
    [
      [0, 1],
      [1, 3],
      [3, 7],
    ],
  ],
  [
    'SUM([m1, m2])',
    [
      [0, 11],
      [1, 2],
      [2, 30],
      [3, 44],
    ],
  ],
  [
    'AVG([m1, m2])',
    [
      [0, 5.5],
      [1, 2],
      [2, 30],
      [3, 22],
    ],
  ],
  [
    'MAX(METRICS())',
    [
      [0, 10],
      [1, 2],
      [2, 30],
      [3, 40],
    ],
  ],
  [
    'MIN(METRICS("m"))',
    [
      [0, 1],
      [1, 2],
      [2, 30],
      [3, 4],
    ],
  ],
  [
    'DATAPOINT_COUNT(METRICS())',
    [
      [0, 3],
      [1, 2],
      [2, 2],
      [3, 2],
    ],
  ],
  [
    'FILL(m1, 0)',
    [
      [0, 1],
      [1, 2],
      [2, 0],
      [3, 4],
    ],
  ],
  [
    'FILL(m1, REPEAT)',
    [
      [0, 1],
      [1, 2],
      [2, 2],
      [3, 4],
    ],
  ],
  [
    'FILL(m1, LINEAR)',
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ],
  ],
  [
    'FILL(errors, REPEAT)',
    [
      [0, 0],
      [1, 0],
      [2, 5],
      [3, 5],
    ],
  ],
  [
    'FILL(errors, LINEAR)',
    [
      [0, 0],
      [1, 0],
      [2, 5],
    ],
  ],
  [
    'IF(m1 > 1, m2, 0)',
    [
      [0, 0],
      [3, 40],
    ],
  ],
  [
    'IF(m1 > 1, 7)',
    [
      [1, 7],
      [3, 7],
    ],
  ],
  [
    'IF(1, m1, m2)',
    [
      [0, 1],
      [1, 2],
      [3, 4],
    ],
  ],
  [
    'FIRST(METRICS()) + 1',
    [
      [0, 2],
      [1, 3],
      [3, 5],
    ],
  ],
  [
    'LAST(METRICS())',
    [
      [0, 0],
      [1, 0],
      [2, 5],
    ],
  ],
  [
    'm1 * SUM(m1)',
    [
      [0, 7],
      [1, 14],
      [3, 28],
    ],
  ],
] as const)('%s', (text, want) => {
  expect(shown(text)).toEqual(want)
})

test.each([
  ['SUM(m1)', 7],
  ['AVG(m2)', 80 / 3],
  ['MIN(m1) + MAX(m2)', 41],
  [
    'STDDEV([m1]) * 1',
    [
      [0, 0],
      [1, 0],
      [3, 0],
    ],
  ],
  ['STDDEV(m1)', Math.sqrt(14 / 9)],
  ['PERIOD(m1)', 60],
  ['METRIC_COUNT(METRICS())', 3],
  [
    'METRICS("m1") * 2',
    [
      [
        [0, 2],
        [1, 4],
        [3, 8],
      ],
    ],
  ],
  [
    'REMOVE_EMPTY([m1 / errors, errors])',
    [
      [
        [0, 0],
        [1, 0],
        [2, 5],
      ],
    ],
  ],
] as const)('%s', (text, want) => {
  expect(shown(text)).toEqual(want)
})

test.each([
  '',
  '1 +',
  '(1',
  '1)',
  'm1 m2',
  'SUM(m1',
  '[m1, m2',
  '1 $ 2',
  '"x"',
  'SUM()',
  'FILL(m1)',
  'FILL(1, 2)',
  'FILL(m1, m2)',
  'm9',
  'NOPE(m1)',
  'METRICS(m1)',
  'SUM(m1, m2)',
  'IF(METRICS(), 1, 2)',
  'IF(0, 1)',
  '[1, 2]',
  'METRICS() + METRICS()',
  'PERIOD(1)',
  'FIRST([])',
  `${'('.repeat(60)}1${')'.repeat(60)}`,
  `${'-'.repeat(60)}1`,
  'toString(m1)',
  'CONSTRUCTOR(m1)',
])('%j is no expression that can be worked out', (text) => {
  expect(() => run(text)).toThrow(BadExpression)
})

test.each(['SEARCH("x", "Sum")', 'ANOMALY_DETECTION_BAND(m1)', 'SORT(METRICS(), AVG, ASC)', 'HOUR(m1)'])(
  '%s is not built, and says so',
  (text) => {
    expect(() => run(text)).toThrow(expect.objectContaining({ code: 'NotImplemented', status: 501 }))
  },
)

test('what is worked out is bounded', () => {
  expect(() => run('m1 + m1', 2)).toThrow('more than 2 values')
  expect(() => run('SUM(METRICS())', 8)).toThrow('narrow its time range')
  expect(() => run('FILL(errors, 0)', 3)).toThrow(BadExpression)
})

test('the queries that an expression needs are known before it is worked out', () => {
  const needs = (text: string) => [namesIn(parseExpression(text)), asksForMetrics(parseExpression(text))]
  expect(needs('SUM([m1, -m2]) / IF(e1 > 2, FILL(m3, REPEAT), 1)')).toEqual([['m1', 'm2', 'e1', 'm3', 'REPEAT'], false])
  expect(needs('100 * SUM(METRICS("e"))')).toEqual([[], true])
  expect(needs('[-METRICS()]')).toEqual([[], true])
})

interface Known {
  readonly text: string
  readonly value: number
}
const SIGNS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
}

test('numbers are worked out by the rules of arithmetic, whatever the expression', () => {
  const { known } = fc.letrec<{ known: Known }>((tie) => ({
    known: fc.oneof(
      { depthSize: 'small' },
      fc.integer({ min: 0, max: 99 }).map((value) => ({ text: String(value), value })),
      fc.tuple(tie('known'), fc.constantFrom('+', '-', '*'), tie('known')).map(([a, sign, b]) => ({
        text: `(${a.text} ${sign} ${b.text})`,
        value: SIGNS[sign]?.(a.value, b.value) ?? Number.NaN,
      })),
      tie('known').map(({ text, value }) => ({ text: `(-${text})`, value: -value })),
    ),
  }))
  fc.assert(
    fc.property(known, ({ text, value }) => {
      fc.pre(text.length < 400)
      expect(Number(shown(text)) + 0).toBe(value + 0)
    }),
    { seed: 4, numRuns: 200 },
  )
})

test('whatever is written is read or refused, never anything else', () => {
  const part = fc.constantFrom(
    'm1',
    '1',
    '(',
    ')',
    '[',
    ']',
    ',',
    '+',
    '-',
    '^',
    '<=',
    '&&',
    'SUM',
    '"x"',
    ' ',
    'IF',
    'METRICS',
    'é',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      try {
        run(parts.join(''))
      } catch (error) {
        expect(error).toBeInstanceOf(BadExpression)
      }
    }),
    { seed: 5, numRuns: 500 },
  )
})

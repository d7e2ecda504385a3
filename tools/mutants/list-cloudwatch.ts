import type { Mutant, TestRun } from './mutant.ts'

const SERVICE = 'packages/server/src/services/cloudwatch'
const JOURNAL = 'packages/server/src/stores/journals/metric-points'
const LOG_METRICS = 'packages/server/src/services/logs/metrics'
const unit = (...files: readonly string[]): TestRun => ({ project: 'unit', files })
const PUT = unit(`${SERVICE}/operations/put-metric-data.test.ts`)
const DATA = unit(`${SERVICE}/operations/get-metric-data.test.ts`)
const STATISTICS = unit(`${SERVICE}/statistics/statistic.test.ts`)
const MATH = unit(`${SERVICE}/math/evaluate.test.ts`)
const INCOMING = unit(`${LOG_METRICS}/incoming.test.ts`)
const CONTRACT: TestRun = { project: 'slow', files: [`${JOURNAL}/contract.slow.test.ts`] }

const mutant = (name: string, file: string, find: string, replace: string, tests: TestRun): Mutant => ({
  name: `metrics: ${name}`,
  file,
  find,
  replace,
  tests,
})

/** Metric points, what is read of them, and what the logs service makes of them. */
export const CLOUDWATCH_MUTANTS: readonly Mutant[] = [
  mutant(
    'points that are inserted are counted twice',
    `${JOURNAL}/metric-query.ts`,
    '`ts < ${number(to)}`,\n    `seq < ${number(watermark)}`,',
    '`ts < ${number(to)}`,\n    `seq < ${number(watermark + 1e9)}`,',
    unit(`${JOURNAL}/metric-table.test.ts`),
  ),
  mutant(
    'what waits is not read',
    `${JOURNAL}/stored-metric-journal.ts`,
    'await this.#addMemory(snapshot, asked, signal)',
    '',
    CONTRACT,
  ),
  mutant(
    'the order of dimensions makes another metric',
    `${JOURNAL}/dimensions.ts`,
    '    .toSorted(compareText)',
    '',
    unit(`${JOURNAL}/metric-table.test.ts`),
  ),
  mutant(
    'rows of a batch are not in order of time',
    `${JOURNAL}/metric-table.ts`,
    'points.toSorted((a, b) => a.timestamp - b.timestamp)',
    'points',
    unit(`${JOURNAL}/metric-table.test.ts`),
  ),
  mutant(
    'a distribution is made up when a part of it is not known',
    `${JOURNAL}/periods.ts`,
    'if (distribution === undefined) sums.counts = undefined',
    'if (distribution === undefined) return',
    CONTRACT,
  ),
  mutant(
    'anybody writes into the namespaces of AWS',
    `${SERVICE}/data/check-data.ts`,
    ' || namespace.startsWith(RESERVED)',
    '',
    PUT,
  ),
  mutant(
    'no number is stored',
    `${SERVICE}/data/samples.ts`,
    '!(Math.abs(value) <= MAX_VALUE)',
    'Math.abs(value) > MAX_VALUE',
    PUT,
  ),
  mutant(
    'a call of any size is taken',
    `${SERVICE}/data/check-data.ts`,
    '> MAX_PUT_BYTES && Buffer',
    '> Infinity && Buffer',
    PUT,
  ),
  mutant(
    'points of minutes are told to the second for ever',
    `${SERVICE}/statistics/time-range.ts`,
    'Math.max(0, Math.ceil((now - kept - rounded) / period))',
    '0',
    STATISTICS,
  ),
  mutant(
    'a percentile is told of negative values',
    `${SERVICE}/statistics/calculate.ts`,
    '(distribution.values[0] ?? -1) < 0',
    'false',
    STATISTICS,
  ),
  mutant(
    'what is divided by zero is a value',
    `${SERVICE}/math/value.ts`,
    'if (Number.isFinite(value)) points.set(at, value)',
    'points.set(at, value)',
    MATH,
  ),
  mutant('an expression may work for ever', `${SERVICE}/math/value.ts`, 'if (this.#left < 0)', 'if (false)', MATH),
  mutant('expressions nest without end', `${SERVICE}/math/parse.ts`, 'this.#depth > MAX_DEPTH', 'false', MATH),
  mutant(
    'an expression waits for itself',
    `${SERVICE}/queries/evaluation.ts`,
    'if (this.#open.has(id)) throw',
    'if (false) throw',
    DATA,
  ),
  mutant(
    'a page repeats the last datapoint of the one before',
    `${SERVICE}/queries/page.ts`,
    'newestFirst ? at < after : at > after',
    'newestFirst ? at <= after : at >= after',
    DATA,
  ),
  mutant(
    'points that were taken are sent again',
    `${LOG_METRICS}/point-queue.ts`,
    'this.#keep(rest, messageOf(error))',
    'this.#keep(points, messageOf(error))',
    INCOMING,
  ),
  mutant(
    'the account counts only its last group',
    `${LOG_METRICS}/incoming.ts`,
    'sums.events.addAll(events)',
    'sums.events.add(events.sum)',
    INCOMING,
  ),
  mutant(
    'a look at the text rules out patterns that match',
    'packages/server/src/services/logs/patterns/evaluate.ts',
    'if (any.length === 0) return true',
    'if (any.length === 0) return include.length > 1',
    unit('packages/server/src/services/logs/patterns/delimited/evaluate.test.ts'),
  ),
]

import type { Mutant, TestRun } from './mutant.ts'

const ALARMS = 'packages/server/src/services/cloudwatch/alarms'
const OPERATIONS = 'packages/server/src/services/cloudwatch/operations'
const unit = (...files: readonly string[]): TestRun => ({ project: 'unit', files })
const VERDICT = unit(`${ALARMS}/verdict.test.ts`)
const EVALUATOR = unit(`${ALARMS}/evaluator.test.ts`)
const DESCRIBE = unit(`${OPERATIONS}/describe-alarms.test.ts`)
const PUT = unit(`${OPERATIONS}/put-metric-alarm.test.ts`)
const POSTURE = unit('packages/cli/src/posture/report.test.ts')

const mutant = (name: string, file: string, find: string, replace: string, tests: TestRun): Mutant => ({
  name: `alarms: ${name}`,
  file,
  find,
  replace,
  tests,
})

/** When alarms go off, what they tell, and what of them is kept. */
export const ALARM_MUTANTS: readonly Mutant[] = [
  mutant('datapoints older than N decide', `${ALARMS}/verdict.ts`, 'known.slice(-evaluated)', 'known', VERDICT),
  mutant(
    'a breach makes an alarm before it is old enough',
    `${ALARMS}/verdict.ts`,
    "treatment === 'missing' && oldest >= needed",
    "treatment === 'missing'",
    VERDICT,
  ),
  mutant(
    'what is missing breaches in place of datapoints that are there',
    `${ALARMS}/verdict.ts`,
    'const filled = evaluated - used.length',
    'const filled = range.length - used.length',
    VERDICT,
  ),
  mutant(
    'each alarm reads for itself',
    `${ALARMS}/shared-reads.ts`,
    'Map.groupBy(waiting, ({ query }) => keyOf(query))',
    'Map.groupBy(waiting, (each) => each)',
    EVALUATOR,
  ),
  mutant(
    'an alarm reads only as far back as the first one',
    `${ALARMS}/shared-reads.ts`,
    'from: Math.min(...queries.map(({ from }) => from)),',
    '',
    EVALUATOR,
  ),
  mutant(
    'an alarm is evaluated again and again',
    `${ALARMS}/evaluator.ts`,
    'return slot === watch.slot ? [] : [{ watch, slot }]',
    'return [{ watch, slot }]',
    EVALUATOR,
  ),
  mutant(
    'an alarm that could not be judged waits for its next turn',
    `${ALARMS}/evaluator.ts`,
    'if (error instanceof AwsError) {\n            watch.slot = slot',
    'watch.slot = slot\n          if (error instanceof AwsError) {',
    EVALUATOR,
  ),
  mutant(
    'an action is taken again each round',
    `${ALARMS}/evaluator.ts`,
    'now.untold.filter(({ to }) => !told.has(JSON.stringify(to)))',
    'now.untold',
    EVALUATOR,
  ),
  mutant(
    'an action that failed is told as a success',
    `${ALARMS}/announce.ts`,
    'return messageOf(error)',
    'return undefined',
    EVALUATOR,
  ),
  mutant('an action is tried where its service is not', `${ALARMS}/announce.ts`, ' || absent.has(kind)', '', EVALUATOR),
  mutant(
    'history has no end',
    `${ALARMS}/history.ts`,
    'String(number % MAX_HISTORY_ITEMS)',
    'String(number)',
    DESCRIBE,
  ),
  mutant(
    'an alarm that is made again forgets what it was',
    `${ALARMS}/alarms.ts`,
    'existing?.historyCount ?? before?.value.historyCount ?? 0',
    'existing?.historyCount ?? 0',
    DESCRIBE,
  ),
  mutant(
    'an expression that nothing can come of is taken',
    `${OPERATIONS}/put-metric-alarm.ts`,
    'await tryOut(watchedBy(settings, ctx.account), place, ctx.now)',
    '',
    PUT,
  ),
  mutant('there is room for any number of alarms', `${ALARMS}/alarms.ts`, '>= MAX_ALARMS', '>= Infinity', PUT),
  mutant('an action of another region is taken', `${ALARMS}/action-arn.ts`, 'if (asked !== region)', 'if (false)', PUT),
  mutant(
    'an alarm on another broker will do',
    'packages/cli/src/posture/alarms.ts',
    ' && dimension.value === name',
    '',
    POSTURE,
  ),
]

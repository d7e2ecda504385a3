import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Call } from '../../server/src/kernel/call.ts'
import type { CloudwatchInput, CloudwatchOutput } from '../../server/src/services/cloudwatch/types.ts'
import type { MetricQuery } from '../../server/src/stores/journals/metric-journal.ts'
import type { RecordStore } from '../../server/src/stores/records/record-store.ts'
import { openSqliteRecords } from '../../server/src/stores/records/sqlite/index.ts'
import { type CloudwatchBench, MINUTE, openCloudwatchBench } from './cloudwatch-bench.ts'

type Alarm = NonNullable<CloudwatchOutput<'DescribeAlarms'>['MetricAlarms']>[number]
type Item = NonNullable<CloudwatchOutput<'DescribeAlarmHistory'>['AlarmHistoryItems']>[number]

/** A call that an alarm made, and as whom. */
export interface TakenAction {
  readonly operation: string
  readonly sourceArn: string
  readonly input: object
}

/** CloudWatch with alarms: records on disk, metrics in memory, and a clock that stands still until it is set. */
export interface AlarmBench extends CloudwatchBench {
  readonly records: RecordStore
  /** What was read of the journal, call by call. */
  readonly reads: (readonly MetricQuery[])[]
  readonly taken: TakenAction[]
  /** What other services answer to actions; `undefined`: they take them. */
  refusal: Error | undefined
  /** Services that are not there to take actions. */
  readonly absent: Set<string>
  /** An alarm on the sum of Shop/Orders by the minute, above 10, changed as given. */
  alarm(changes?: Partial<CloudwatchInput<'PutMetricAlarm'>>): Promise<void>
  alarmNamed(name?: string): Promise<Alarm>
  state(name?: string): Promise<string>
  /** Newest first. */
  history(name?: string): Promise<readonly Item[]>
  /** Lets a minute pass in which the metric had this value, and evaluates; `undefined`: it had none. */
  minute(value?: number): Promise<void>
  /** The same records and metrics under a new service, as after a restart. */
  restarted(): Promise<AlarmBench>
  close(): Promise<void>
}

/** An evaluation comes a few seconds after its minute. */
const SETTLED = 6_000

export async function openAlarmBench(): Promise<AlarmBench> {
  const directory = mkdtempSync(join(tmpdir(), 'alarm-bench-'))
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  return benchOver(records, async () => {
    await records.close()
    rmSync(directory, { recursive: true })
  })
}

async function benchOver(
  records: RecordStore,
  close: () => Promise<void>,
  before?: CloudwatchBench,
): Promise<AlarmBench> {
  const reads: (readonly MetricQuery[])[] = []
  const taken: TakenAction[] = []
  const call = (async (as: { readonly sourceArn: string }, _service: string, operation: string, input: object) => {
    taken.push({ operation, sourceArn: as.sourceArn, input })
    if (bench.refusal !== undefined) throw bench.refusal
    return {}
  }) as unknown as Call
  const absent = new Set<string>()
  const cloudwatch = openCloudwatchBench({
    records,
    call,
    absent,
    wrap: (own) => {
      const journal = before?.journal ?? own
      return {
        ...journal,
        statistics: (queries, signal) => {
          reads.push(queries)
          return journal.statistics(queries, signal)
        },
      }
    },
  })
  if (before !== undefined) cloudwatch.clock.at = before.clock.at
  const bench: AlarmBench = {
    ...cloudwatch,
    records,
    reads,
    taken,
    refusal: undefined,
    absent,
    alarm: async (changes = {}) => {
      await cloudwatch.call('PutMetricAlarm', {
        AlarmName: 'busy',
        Namespace: 'Shop',
        MetricName: 'Orders',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 10,
        ComparisonOperator: 'GreaterThanThreshold',
        ...changes,
      })
    },
    alarmNamed: async (name = 'busy') => {
      const { MetricAlarms: [found] = [] } = await cloudwatch.call('DescribeAlarms', { AlarmNames: [name] })
      if (found === undefined) throw new Error(`there is no alarm ${name}`)
      return found
    },
    state: async (name) => (await bench.alarmNamed(name)).StateValue ?? '',
    history: async (name = 'busy') => {
      const { AlarmHistoryItems = [] } = await cloudwatch.call('DescribeAlarmHistory', { AlarmName: name })
      return AlarmHistoryItems
    },
    minute: async (value) => {
      const start = Math.floor(cloudwatch.clock.at / MINUTE) * MINUTE
      if (value !== undefined) await bench.put({ Value: value, Timestamp: start })
      cloudwatch.clock.at = start + MINUTE + SETTLED
      await cloudwatch.evaluator.run()
    },
    restarted: () => {
      cloudwatch.evaluator.close()
      return benchOver(records, close, cloudwatch)
    },
    close: async () => {
      cloudwatch.evaluator.close()
      await close()
    },
  }
  await cloudwatch.evaluator.start()
  return bench
}

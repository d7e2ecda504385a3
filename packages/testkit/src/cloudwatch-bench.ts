import { randomBytes, randomUUID } from 'node:crypto'
import type { Call, CallContext, OperationInput, OperationOutput } from '../../server/src/kernel/call.ts'
import { accountId, region } from '../../server/src/kernel/ids.ts'
import { pageTokens } from '../../server/src/kernel/page-token.ts'
import { CLOSED_GATE } from '../../server/src/kernel/gatekeeper.ts'
import { silentTelemetry } from '../../server/src/kernel/telemetry.ts'
import { type Cloudwatch, cloudwatchService } from '../../server/src/services/cloudwatch/index.ts'
import type { CloudwatchInput, CloudwatchOperation } from '../../server/src/services/cloudwatch/types.ts'
import type { MetricJournal } from '../../server/src/stores/journals/metric-journal.ts'
import type { RecordStore } from '../../server/src/stores/records/record-store.ts'
import { type MemoryMetricJournal, memoryMetricJournal } from './memory-metric-journal.ts'

/** 2026-11-21T11:16:00Z */
export const MINUTE_NOW = 1_795_259_760_000
export const MINUTE = 60_000
export const HOUR: number = 60 * MINUTE
export const DAY: number = 24 * HOUR

type Datum = NonNullable<CloudwatchInput<'PutMetricData'>['MetricData']>[number]

/** CloudWatch alone: a journal in memory, and a clock that stands still until it is set. */
export interface CloudwatchBench extends Cloudwatch {
  readonly journal: MemoryMetricJournal
  readonly clock: { at: number }
  call<O extends CloudwatchOperation>(
    operation: O,
    input: OperationInput<'cloudwatch', O>,
  ): Promise<OperationOutput<'cloudwatch', O>>
  /** Puts one datum of Shop/Orders, changed as given. */
  put(datum: Partial<Datum>, namespace?: string): Promise<unknown>
}

export interface CloudwatchBenchOptions {
  /** What the service gets instead of the journal itself. */
  readonly wrap?: (journal: MetricJournal) => MetricJournal
  /** Where alarms are kept; metrics need none. */
  readonly records?: RecordStore
  /** Who takes the actions of alarms. */
  readonly call?: Call
  /** Services that are not there to take them. */
  readonly absent?: ReadonlySet<string>
}

/** Says that a bench without records has none, to whatever asks. */
const NO_RECORDS = new Proxy({} as RecordStore, {
  get: () => () => {
    throw new Error('this bench was opened without records')
  },
})

export function openCloudwatchBench({
  wrap = (journal) => journal,
  records = NO_RECORDS,
  call = () => Promise.reject(new Error('nobody takes actions')),
  absent = new Set(),
}: CloudwatchBenchOptions = {}): CloudwatchBench {
  const journal = memoryMetricJournal()
  const clock = { at: MINUTE_NOW, now: () => clock.at }
  const cloudwatch = cloudwatchService({
    journal: wrap(journal),
    records,
    tokens: pageTokens(randomBytes(32), clock),
    clock,
    call,
    absent,
    telemetry: silentTelemetry,
  })
  const { service } = cloudwatch
  const account = accountId('111122223333')
  const context = (): CallContext => ({
    requestId: randomUUID(),
    account,
    region: region('us-east-1'),
    principal: { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, accessKeyId: account },
    calledVia: [],
    source: { ip: '127.0.0.1', userAgent: 'test' },
    now: clock.at,
    call: () => Promise.reject(new Error('CloudWatch calls no other service')),
    gate: CLOSED_GATE,
    signal: new AbortController().signal,
  })
  const bench: CloudwatchBench = {
    ...cloudwatch,
    journal,
    clock,
    async call(operation, input) {
      const { [operation]: handler } = service.operations
      if (handler === undefined) throw new Error(`${operation} is not built`)
      return handler(input, context())
    },
    put: (datum, Namespace = 'Shop') =>
      bench.call('PutMetricData', {
        Namespace,
        MetricData: [{ MetricName: 'Orders', Timestamp: clock.at, ...datum }],
      }),
  }
  return bench
}

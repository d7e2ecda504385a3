import { randomBytes, randomUUID } from 'node:crypto'
import type { CallContext, OperationInput, OperationOutput } from '../../server/src/kernel/call.ts'
import { accountId, region } from '../../server/src/kernel/ids.ts'
import { pageTokens } from '../../server/src/kernel/page-token.ts'
import { CLOSED_GATE } from '../../server/src/kernel/gatekeeper.ts'
import type { Service } from '../../server/src/kernel/service.ts'
import { cloudwatchService } from '../../server/src/services/cloudwatch/index.ts'
import type { CloudwatchInput, CloudwatchOperation } from '../../server/src/services/cloudwatch/types.ts'
import type { MetricJournal } from '../../server/src/stores/journals/metric-journal.ts'
import { type MemoryMetricJournal, memoryMetricJournal } from './memory-metric-journal.ts'

/** 2026-11-21T11:16:00Z */
export const MINUTE_NOW = 1_795_259_760_000
export const MINUTE = 60_000
export const HOUR: number = 60 * MINUTE
export const DAY: number = 24 * HOUR

type Datum = NonNullable<CloudwatchInput<'PutMetricData'>['MetricData']>[number]

/** CloudWatch alone: a journal in memory, and a clock that stands still until it is set. */
export interface CloudwatchBench {
  readonly journal: MemoryMetricJournal
  readonly clock: { at: number }
  readonly service: Service<'cloudwatch'>
  call<O extends CloudwatchOperation>(
    operation: O,
    input: OperationInput<'cloudwatch', O>,
  ): Promise<OperationOutput<'cloudwatch', O>>
  /** Puts one datum of Shop/Orders, changed as given. */
  put(datum: Partial<Datum>, namespace?: string): Promise<unknown>
}

/** @param wrap what the service gets instead of the journal itself */
export function openCloudwatchBench(
  wrap: (journal: MetricJournal) => MetricJournal = (journal) => journal,
): CloudwatchBench {
  const journal = memoryMetricJournal()
  const clock = { at: MINUTE_NOW, now: () => clock.at }
  const service = cloudwatchService({ journal: wrap(journal), tokens: pageTokens(randomBytes(32), clock) })
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
    journal,
    clock,
    service,
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

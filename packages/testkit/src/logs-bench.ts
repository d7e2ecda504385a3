import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Apis } from '@sluice/wire'
import { CLOSED_GATE } from '../../server/src/kernel/gatekeeper.ts'
import type { Call, CallContext, Checkpoint, OperationInput, OperationOutput } from '../../server/src/kernel/call.ts'
import type { Clock } from '../../server/src/kernel/clock.ts'
import { type AccountId, type Region, accountId, region } from '../../server/src/kernel/ids.ts'
import { pageTokens } from '../../server/src/kernel/page-token.ts'
import type { Principal } from '../../server/src/kernel/principal.ts'
import { silentTelemetry } from '../../server/src/kernel/telemetry.ts'
import {
  type IncomingMetrics,
  type LogMetrics,
  type LogsDeps,
  type LogsService,
  incomingMetrics,
  logMetrics,
  logsService,
} from '../../server/src/services/logs/index.ts'
import type { LogJournal } from '../../server/src/stores/journals/log-journal.ts'
import type { RecordStore } from '../../server/src/stores/records/record-store.ts'
import { openSqliteRecords } from '../../server/src/stores/records/sqlite/index.ts'
import { memoryLogJournal } from './memory-log-journal.ts'
import { type MemoryMetricSink, memoryMetricSink } from './memory-metric-sink.ts'

type LogsApi = Apis['logs']

/** Who calls, and with what beside the input. */
export interface BenchCall {
  readonly account?: AccountId
  readonly region?: Region
  readonly principal?: Principal
  readonly checkpoint?: Checkpoint
  readonly signal?: AbortSignal
}

/** The logs service alone: real records, a journal in memory, and a clock that stands still until it is moved. */
export interface LogsBench {
  readonly service: LogsService
  readonly records: RecordStore
  readonly journal: LogJournal
  readonly clock: Clock & { advance(millis: number): void }
  readonly account: AccountId
  readonly region: Region
  /** What metric filters add up; `points` holds what was published. */
  readonly metrics: LogMetrics
  readonly points: MemoryMetricSink
  /** What the service counts of itself; `ownPoints` holds what was published. */
  readonly incoming: IncomingMetrics
  readonly ownPoints: MemoryMetricSink
  call<O extends keyof LogsApi>(
    operation: O,
    input: OperationInput<'logs', O>,
    options?: BenchCall,
  ): Promise<OperationOutput<'logs', O>>
  context(options?: BenchCall): CallContext
  /** The same records and journal under a new service, as after a restart. */
  restarted(): LogsService
  close(): Promise<void>
}

export interface LogsBenchOptions {
  /** Stands in for the journal; gets the clock. */
  readonly journal?: (clock: Clock) => LogJournal
  /** Replaces the records, given the real ones. */
  readonly records?: (records: RecordStore) => RecordStore
  /** Far ends of subscriptions. */
  readonly targets?: LogsDeps['targets']
  /** Stands in for other services; left out: none may be called. */
  readonly call?: Call
  /** Stands in for S3. */
  readonly exportSink?: LogsDeps['exportSink']
  /** Logs that can be delivered; left out: those that the platform has. */
  readonly vendedLogs?: LogsDeps['vendedLogs']
  /** How fast live tails go. */
  readonly tailTiming?: LogsDeps['tailTiming']
}

const START = Date.UTC(2026, 10, 21, 12)

export function openLogsBench(options: LogsBenchOptions = {}): LogsBench {
  const directory = mkdtempSync(join(tmpdir(), 'logs-bench-'))
  const stored = openSqliteRecords({ file: join(directory, 'records.db') })
  const records = options.records?.(stored) ?? stored
  let now = START
  const clock = {
    now: () => now,
    advance: (millis: number): void => {
      now += millis
    },
  }
  const journal = options.journal?.(clock) ?? memoryLogJournal({ clock })
  const tokens = pageTokens(randomBytes(32), clock)
  const points = memoryMetricSink()
  const metrics = logMetrics({ sink: points, clock, telemetry: silentTelemetry })
  const ownPoints = memoryMetricSink()
  const incoming = incomingMetrics({ sink: ownPoints, clock, telemetry: silentTelemetry })
  const call: Call =
    options.call ?? (() => Promise.reject(new Error('this test lets the logs service call no other service')))
  const restarted = (): LogsService =>
    logsService({
      records,
      journal,
      call,
      clock,
      tokens,
      metrics,
      incoming,
      telemetry: silentTelemetry,
      ...(options.targets && { targets: options.targets, patience: 1 }),
      ...(options.exportSink && { exportSink: options.exportSink }),
      ...(options.vendedLogs && { vendedLogs: options.vendedLogs }),
      ...(options.tailTiming && { tailTiming: options.tailTiming }),
    })
  const service = restarted()
  const account = accountId('111122223333')
  const home = region('eu-west-1')

  const context = (by: BenchCall = {}): CallContext => ({
    requestId: randomUUID(),
    account: by.account ?? account,
    region: by.region ?? home,
    principal: by.principal ?? rootOf(by.account ?? account),
    calledVia: [],
    gate: CLOSED_GATE,
    source: { ip: '127.0.0.1', userAgent: 'test' },
    now: clock.now(),
    call,
    ...(by.checkpoint === undefined ? {} : { checkpoint: by.checkpoint }),
    signal: by.signal ?? new AbortController().signal,
  })

  return {
    service,
    records,
    journal,
    clock,
    account,
    region: home,
    metrics,
    points,
    incoming,
    ownPoints,
    context,
    restarted,
    async call(operation, input, call) {
      const { [operation]: handler } = service.operations
      if (handler === undefined) throw new Error(`${operation} is not built`)
      return handler(input, context(call))
    },
    async close() {
      await journal.close()
      await stored.close()
      rmSync(directory, { recursive: true })
    },
  }
}

const rootOf = (account: AccountId): Principal => ({
  kind: 'root',
  account,
  arn: `arn:aws:iam::${account}:root`,
  accessKeyId: account,
})

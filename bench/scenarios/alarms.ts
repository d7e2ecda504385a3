import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallContext } from '../../packages/server/src/kernel/call.ts'
import { accountId, region } from '../../packages/server/src/kernel/ids.ts'
import { pageTokens } from '../../packages/server/src/kernel/page-token.ts'
import { silentTelemetry } from '../../packages/server/src/kernel/telemetry.ts'
import { cloudwatchService } from '../../packages/server/src/services/cloudwatch/index.ts'
import { openColumnStore } from '../../packages/server/src/stores/journals/column-store.ts'
import type { MetricJournal, MetricQuery } from '../../packages/server/src/stores/journals/metric-journal.ts'
import { openMetricJournal } from '../../packages/server/src/stores/journals/metric-points/index.ts'
import { openSqliteRecords } from '../../packages/server/src/stores/records/sqlite/index.ts'
import { type Scenario, median, millis } from '../lib/scenario.ts'

const MINUTE = 60_000
const METRICS = 30
const ALARMS_A_METRIC = 10
const ROUNDS = 9
/** Minutes of points before the first round. */
const BEFORE = 10
const START = Math.floor(Date.now() / MINUTE) * MINUTE - (BEFORE + ROUNDS + 1) * MINUTE
const PLACE = { account: accountId('111122223333'), region: region('us-east-1') }
const names = Array.from({ length: METRICS }, (_, index) => `m${String(index)}`)

export const alarms: Scenario = {
  name: 'alarms',
  what: `a round over ${String(METRICS)} metrics with one alarm each, and with ${String(ALARMS_A_METRIC)}`,
  run: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
    const clock = { at: START + BEFORE * MINUTE, now: () => clock.at }
    const records = openSqliteRecords({ file: join(directory, 'records.db') })
    const columns = await openColumnStore({ directory: join(directory, 'clickhouse'), telemetry: silentTelemetry })
    mkdirSync(join(directory, 'journal'))
    const journal = await openMetricJournal({
      directory: join(directory, 'journal'),
      records,
      columns,
      clock,
      telemetry: silentTelemetry,
    })
    await publish(journal)
    const few = await watched(journal, clock, directory, 1)
    const many = await watched(journal, clock, directory, ALARMS_A_METRIC)
    const [reads, one, ten]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < ROUNDS; round += 1) {
      clock.at += MINUTE
      const to = Math.floor(clock.at / MINUTE) * MINUTE
      reads.push(
        await took(() =>
          journal.statistics(
            names.map((name) => query(name, to)),
            new AbortController().signal,
          ),
        ),
      )
      one.push(await took(few.run))
      ten.push(await took(many.run))
    }
    await few.close()
    await many.close()
    await journal.close()
    await columns.close()
    await records.close()
    rmSync(directory, { recursive: true })
    const floor = median(reads)
    return [
      { what: 'the floor: one read of these metrics (p50)', value: millis(floor) },
      { what: `${String(METRICS)} alarms (p50)`, value: millis(median(one)) },
      { what: '… against the floor', value: `${(median(one) / floor).toFixed(2)} ×`, goal: 'goal ≤ 1.5' },
      { what: `${String(METRICS * ALARMS_A_METRIC)} alarms on the same metrics (p50)`, value: millis(median(ten)) },
      { what: '… against the floor', value: `${(median(ten) / floor).toFixed(2)} ×`, goal: 'goal ≤ 2' },
    ]
  },
}

async function publish(journal: MetricJournal): Promise<void> {
  for (let minute = 0; minute < BEFORE + ROUNDS; minute += 1) {
    await journal.publish(
      names.map((metricName) => ({
        ...PLACE,
        namespace: 'Bench',
        metricName,
        dimensions: {},
        unit: 'None',
        timestamp: START + minute * MINUTE,
        statistics: { sampleCount: 1, sum: minute, minimum: minute, maximum: minute },
      })),
    )
  }
}

const query = (metricName: string, to: number): MetricQuery => ({
  ...PLACE,
  namespace: 'Bench',
  metricName,
  dimensions: {},
  from: to - 5 * MINUTE,
  to,
  period: MINUTE,
  distribution: false,
})

/** A service with so many alarms on each metric; no round changes their states. */
async function watched(
  journal: MetricJournal,
  clock: { readonly now: () => number },
  directory: string,
  each: number,
): Promise<{ readonly run: () => Promise<void>; readonly close: () => Promise<void> }> {
  const records = openSqliteRecords({ file: join(directory, `alarms-${String(each)}.db`) })
  const { service, evaluator } = cloudwatchService({
    journal,
    records,
    clock,
    tokens: pageTokens(randomBytes(32), clock),
    call: () => Promise.reject(new Error('no alarm goes off')),
    absent: new Set(),
    telemetry: silentTelemetry,
  })
  const put = service.operations.PutMetricAlarm
  const puts = names.flatMap((MetricName) =>
    Array.from({ length: each }, async (_, index) => {
      const alarm = {
        AlarmName: `${MetricName}-${String(index)}`,
        Namespace: 'Bench',
        MetricName,
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 3,
        Threshold: 1e9,
        ComparisonOperator: 'GreaterThanThreshold',
      } as const
      // Nothing else of a context is looked at.
      await put?.(alarm, { ...PLACE, now: clock.now() } as CallContext)
    }),
  )
  await Promise.all(puts)
  await evaluator.start()
  // The first round takes them out of their first state.
  await evaluator.run()
  return {
    run: () => evaluator.run(),
    close: async () => {
      evaluator.close()
      await records.close()
    },
  }
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

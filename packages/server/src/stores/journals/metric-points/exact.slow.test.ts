import { expect, test } from 'vitest'
import { journalBench } from '../../../../../testkit/src/journal-bench.ts'
import { settableClock, TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { metricPoint } from '../../../../../testkit/src/metric-journal-contract.ts'
import type { MetricJournal } from '#stores/journals/metric-journal.ts'

const WRITERS = 4
const PUBLICATIONS = 60

async function countIn(journal: MetricJournal): Promise<number> {
  const metric = { namespace: 'Shop', metricName: 'Orders', dimensions: {} }
  const range = { from: TODAY, to: TODAY + 60_000, period: 60_000, distribution: false }
  const query = { account: '111122223333', region: 'us-east-1', ...metric, ...range }
  const [periods = []] = await journal.statistics([query], AbortSignal.timeout(20_000))
  return periods[0]?.statistics.sampleCount ?? 0
}

test('while points come in, are inserted and the journal is opened again, every sum has each acknowledged point once', async () => {
  const home = journalBench(settableClock(TODAY)).metricHome({ sealAfterMillis: 5, settles: true })
  let journal = await home.open()
  let [begun, acknowledged] = [0, 0]
  const writer = async (): Promise<void> => {
    for (let publication = 0; publication < PUBLICATIONS; publication += 1) {
      begun += 2
      await journal.publish([metricPoint({ value: 1 }), metricPoint({ value: 2, timestamp: TODAY + 1_000 })])
      acknowledged += 2
    }
  }
  const reader = async (): Promise<void> => {
    while (acknowledged < WRITERS * PUBLICATIONS * 2) {
      const before = acknowledged
      const counted = await countIn(journal)
      expect(counted).toBeGreaterThanOrEqual(before)
      expect(counted).toBeLessThanOrEqual(begun)
      expect(counted % 2).toBe(0)
    }
  }
  await Promise.all([reader(), ...Array.from({ length: WRITERS }, writer)])
  expect(await countIn(journal)).toBe(begun)
  for (const wait of [true, false]) {
    if (wait) await home.settle?.(journal)
    journal = (await home.reopen?.(journal)) ?? journal
    expect(await countIn(journal)).toBe(begun)
    await journal.publish([metricPoint()])
    begun += 1
  }
  expect(await countIn(journal)).toBe(begun)
  await home.close(journal)
})

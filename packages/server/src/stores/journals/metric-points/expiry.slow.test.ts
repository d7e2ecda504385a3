import { expect, test } from 'vitest'
import { journalBench } from '../../../../../testkit/src/journal-bench.ts'
import { DAY } from '../../../../../testkit/src/journal-home.ts'
import { settableClock, TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { metricPoint } from '../../../../../testkit/src/metric-journal-contract.ts'

test('days of metric points older than 15 months are dropped when the journal is opened; later ones stay', async () => {
  const clock = settableClock(TODAY)
  const home = journalBench(clock).metricHome({ sealAfterMillis: 10, settles: true })
  let journal = await home.open()
  const query = {
    account: '111122223333',
    region: 'us-east-1',
    namespace: 'Shop',
    metricName: 'Orders',
    dimensions: {},
  }
  const range = { from: 0, to: TODAY * 2, period: DAY, distribution: false }
  const days = async (): Promise<readonly number[]> => {
    const [found = []] = await journal.statistics([{ ...query, ...range }], AbortSignal.timeout(10_000))
    return found.map(({ start }) => (TODAY - start) / DAY)
  }
  for (const age of [0, 454, 458, 600]) await journal.publish([metricPoint({ timestamp: TODAY - age * DAY })])
  await home.settle?.(journal)
  expect(await days()).toEqual([600, 458, 454, 0])
  journal = (await home.reopen?.(journal)) ?? journal
  await expect.poll(days, { timeout: 10_000 }).toEqual([454, 0])
  clock.set(TODAY + 300 * DAY)
  journal = (await home.reopen?.(journal)) ?? journal
  await expect.poll(days, { timeout: 10_000 }).toEqual([0])
  await home.close(journal)
})

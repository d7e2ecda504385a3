import { accountId, region as regionOf } from '#kernel/ids.ts'
import type { AlarmPlace } from '#services/cloudwatch/alarms/alarm.ts'
import { datapointsOf } from '#services/cloudwatch/alarms/datapoints.ts'
import type { Watched } from '#services/cloudwatch/alarms/watched.ts'
import type { PeriodSource } from '#services/cloudwatch/queries/read-series.ts'

const ONE = { sampleCount: 1, sum: 1, minimum: 1, maximum: 1 }

/** Has one sample in the first period of whatever it is asked for. */
const SOME_DATA: PeriodSource = {
  statistics: async (queries) =>
    queries.map(({ from }) => [
      { start: from, unit: 'None', statistics: ONE, distribution: { values: [1], counts: [1] } },
    ]),
}

/**
 * Works out what an alarm watches, of made-up points: an expression that nothing can come of is refused when it is put, and
 * not found out later.
 * @throws AwsError ValidationError, or 501 for functions that are not built
 */
export async function tryOut(watched: Watched, { account, region }: AlarmPlace, now: number): Promise<void> {
  const to = Math.floor(now / watched.period) * watched.period
  const reader = { account: accountId(account), region: regionOf(region), now, signal: new AbortController().signal }
  await datapointsOf(watched, { from: to - watched.period, to }, SOME_DATA, reader)
}

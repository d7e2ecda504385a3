import { checkData } from '#services/cloudwatch/data/check-data.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import type { CloudwatchHandler } from '#services/cloudwatch/types.ts'
import { Backlogged } from '#stores/journals/log-journal.ts'

/** Stores all metric data of a call or none. They can be read as soon as the call was answered. */
export const putMetricData =
  ({ journal }: Pick<CloudwatchDeps, 'journal'>): CloudwatchHandler<'PutMetricData'> =>
  async (input, ctx) => {
    const points = checkData(input, ctx)
    try {
      await journal.publish(points)
    } catch (error) {
      if (error instanceof Backlogged) throw cloudwatchErrors.throttled()
      throw error
    }
    return {}
  }

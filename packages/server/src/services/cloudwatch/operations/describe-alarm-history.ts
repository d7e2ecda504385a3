import { type ItemPosition, positionOf, readHistory } from '#services/cloudwatch/alarms/alarm-history.ts'
import { HISTORY_MILLIS } from '#services/cloudwatch/alarms/history.ts'
import type { CloudwatchDeps } from '#services/cloudwatch/deps.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_ALARM_PAGE } from '#services/cloudwatch/limits.ts'
import { readToken } from '#services/cloudwatch/paging.ts'
import type { CloudwatchHandler } from '#services/cloudwatch/types.ts'

/** What happened to alarms in the last thirty days, newest first unless asked for otherwise. */
export const describeAlarmHistory =
  ({ records, tokens }: Pick<CloudwatchDeps, 'records' | 'tokens'>): CloudwatchHandler<'DescribeAlarmHistory'> =>
  async (input, ctx) => {
    const { NextToken, MaxRecords: most = MAX_ALARM_PAGE, ...parameters } = input
    const { AlarmName: name, HistoryItemType: type, AlarmTypes: types, StartDate, EndDate = Infinity } = input
    if (StartDate !== undefined && StartDate > EndDate)
      throw cloudwatchErrors.invalidValue('The parameter StartDate must be less than the parameter EndDate.')
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const token = NextToken === undefined ? undefined : readToken(tokens, 'DescribeAlarmHistory', scope, NextToken)
    if (types !== undefined && types.length > 0 && !types.includes('MetricAlarm')) return { AlarmHistoryItems: [] }
    // No alarm here has contributors.
    if (input.AlarmContributorId !== undefined) return { AlarmHistoryItems: [] }
    const found = await readHistory(records, ctx, {
      ...(name === undefined ? {} : { name }),
      ...(type === undefined ? {} : { type }),
      from: Math.max(StartDate ?? 0, ctx.now - HISTORY_MILLIS),
      to: EndDate,
      newestFirst: input.ScanBy !== 'TimestampAscending',
      // Signed by us, so its shape is known.
      ...(token === undefined ? {} : { after: JSON.parse(token) as ItemPosition }),
      limit: most + 1,
    })
    const page = found.slice(0, most)
    const last = page.at(-1)
    return {
      AlarmHistoryItems: page.map((item) => ({
        AlarmName: item.name,
        AlarmType: 'MetricAlarm',
        Timestamp: item.at,
        HistoryItemType: item.type,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      ...(last !== undefined && found.length > most
        ? { NextToken: tokens.issue('DescribeAlarmHistory', scope, JSON.stringify(positionOf(last))) }
        : {}),
    }
  }

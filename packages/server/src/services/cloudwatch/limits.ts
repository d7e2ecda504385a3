const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Metric data of a PutMetricData. @source CloudWatch quotas: 1,000 metrics in a request */
export const MAX_DATA = 1_000
/** Bytes of a PutMetricData. @source CloudWatch quotas: 1 MB */
export const MAX_PUT_BYTES = 1_048_576
/** Most that one datum takes as JSON: 30 dimensions of 1,279 characters, 300 numbers, and the rest. */
export const MAX_DATUM_BYTES = 50_000
/** Values, and counts, of a datum. @source CloudWatch API reference, MetricDatum: 150 */
export const MAX_VALUES = 150
/** No value is further from zero. @source CloudWatch API reference, MetricDatum: -2^360 to 2^360 */
export const MAX_VALUE: number = 2 ** 360
/** @source CloudWatch API reference, PutMetricData: two weeks in the past */
export const MAX_AGE_MILLIS: number = 14 * DAY
/** @source CloudWatch API reference, PutMetricData: two hours into the future */
export const MAX_LEAD_MILLIS: number = 2 * HOUR

/** Datapoints of a GetMetricStatistics. @source CloudWatch API reference: 1,440 */
export const MAX_STATISTICS_POINTS = 1_440
/** Queries of a GetMetricData. @source CloudWatch API reference: 500 */
export const MAX_QUERIES = 500
/** Datapoints on a page of GetMetricData, unless fewer are asked for. @source CloudWatch API reference: 100,800 */
export const MAX_PAGE_POINTS = 100_800
/** Values that the queries and expressions of one GetMetricData may make, those in between included. Bounds memory and time. */
export const MAX_WORK = 5_000_000
/** Metric queries read at once for a page of GetMetricData. Bounds memory. */
export const QUERIES_AT_ONCE = 16

/** Metrics on a page of ListMetrics. @source CloudWatch API reference: 500 */
export const LIST_PAGE = 500
/** Metrics without a point for so long are not listed. @source CloudWatch API reference, ListMetrics: two weeks */
export const LISTED_MILLIS: number = 14 * DAY
/** @source CloudWatch API reference, ListMetrics: RecentlyActive is PT3H */
export const RECENTLY_ACTIVE_MILLIS: number = 3 * HOUR

/**
 * Back to when datapoints of a period can be had; the first row that fits counts. Start times of an age are rounded to its step.
 * @source CloudWatch user guide, metrics retention; API reference, GetMetricStatistics StartTime
 */
export const RETENTION: readonly { readonly below: number; readonly kept: number; readonly step: number }[] = [
  { below: MINUTE, kept: 3 * HOUR, step: MINUTE },
  { below: 5 * MINUTE, kept: 15 * DAY, step: MINUTE },
  { below: HOUR, kept: 63 * DAY, step: 5 * MINUTE },
  { below: Infinity, kept: 455 * DAY, step: HOUR },
]

/** Metric alarms of an account in a region. @source CloudWatch quotas: 5,000 */
export const MAX_ALARMS = 5_000
/** Alarms, and items of their history, on a page. @source CloudWatch API reference: 1 to 100 */
export const MAX_ALARM_PAGE = 100
/** Queries of an alarm. @source CloudWatch API reference, PutMetricAlarm: up to 20 structures in Metrics */
export const MAX_ALARM_QUERIES = 20
/** @source CloudWatch API reference, PutMetricAlarm: EvaluationPeriods multiplied by Period cannot be more than one day … */
export const MAX_ALARM_SECONDS: number = DAY / 1_000
/** … or seven days, when Period is an hour or longer. */
export const MAX_LONG_ALARM_SECONDS: number = 7 * MAX_ALARM_SECONDS
/** Tags of an alarm. @source CloudWatch API reference, PutMetricAlarm: 50 */
export const MAX_TAGS = 50

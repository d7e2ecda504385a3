import type { CallContext } from '#kernel/call.ts'
import type { Distribution, MetricPoint } from '#kernel/metric-point.ts'
import { checkDimensions } from '#services/cloudwatch/data/dimensions.ts'
import { readSamples } from '#services/cloudwatch/data/samples.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import {
  MAX_AGE_MILLIS,
  MAX_DATA,
  MAX_DATUM_BYTES,
  MAX_LEAD_MILLIS,
  MAX_PUT_BYTES,
} from '#services/cloudwatch/limits.ts'
import type { CloudwatchInput } from '#services/cloudwatch/types.ts'

type Put = CloudwatchInput<'PutMetricData'>
export type Datum = NonNullable<Put['MetricData']>[number]

const NAMESPACE = /^[A-Za-z0-9._/#: -]+$/
const RESERVED = 'AWS/'
const SECOND = 1_000
const MINUTE = 60 * SECOND

/**
 * The points of a PutMetricData.
 * @throws AwsError for the first thing that is wrong; nothing may be stored then
 */
export function checkData(input: Put, ctx: Pick<CallContext, 'account' | 'region' | 'now'>): readonly MetricPoint[] {
  const { Namespace: namespace, MetricData: data = [] } = input
  if ((input.EntityMetricData ?? []).length > 0) throw cloudwatchErrors.notBuilt('Metric data of entities')
  if (!NAMESPACE.test(namespace) || namespace.startsWith(RESERVED))
    throw cloudwatchErrors.badValue('Namespace', namespace)
  if (data.length === 0) throw cloudwatchErrors.required('MetricData')
  if (data.length > MAX_DATA) throw cloudwatchErrors.tooMany('MetricData', MAX_DATA)
  if (data.length * MAX_DATUM_BYTES > MAX_PUT_BYTES && Buffer.byteLength(JSON.stringify(input)) > MAX_PUT_BYTES)
    throw cloudwatchErrors.tooLarge(MAX_PUT_BYTES)
  return data.map((datum, index) => pointOf(datum, namespace, ctx, `MetricData.member.${String(index + 1)}`))
}

function pointOf(
  datum: Datum,
  namespace: string,
  { account, region, now }: Pick<CallContext, 'account' | 'region' | 'now'>,
  where: string,
): MetricPoint {
  const { MetricName: metricName, StorageResolution: resolution = 60, Timestamp: at = now } = datum
  if (resolution !== 1 && resolution !== 60) throw cloudwatchErrors.badValue(`${where}.StorageResolution`, resolution)
  if (metricName.trim() === '') throw cloudwatchErrors.badValue(`${where}.MetricName`, metricName)
  if (at < now - MAX_AGE_MILLIS)
    throw cloudwatchErrors.invalidValue(
      `The parameter ${where}.Timestamp must specify a time no more than two weeks in the past.`,
    )
  if (at > now + MAX_LEAD_MILLIS)
    throw cloudwatchErrors.invalidValue(
      `The parameter ${where}.Timestamp must specify a time no more than two hours in the future.`,
    )
  const step = resolution === 1 ? SECOND : MINUTE
  const { statistics, distribution } = readSamples(datum, where)
  return {
    account,
    region,
    namespace,
    metricName,
    dimensions: checkDimensions(datum.Dimensions ?? [], where),
    unit: datum.Unit ?? 'None',
    timestamp: Math.floor(at / step) * step,
    storageResolution: resolution,
    statistics,
    ...optional(distribution),
  }
}

const optional = (distribution: Distribution | undefined): Pick<MetricPoint, 'distribution'> =>
  distribution === undefined ? {} : { distribution }

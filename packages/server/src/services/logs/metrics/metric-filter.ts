import type { EpochMillis } from '#kernel/ids.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import type { LogsInput } from '#services/logs/types.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

type Put = LogsInput<'PutMetricFilter'>
export type MetricTransformation = Put['metricTransformations'][number]

/** A metric filter as it is stored, under `<group number>/<filter name>`. */
export interface MetricFilterRecord {
  readonly groupName: string
  readonly creationTime: EpochMillis
  /** As it was written. */
  readonly pattern: string
  readonly transformation: MetricTransformation
  readonly applyOnTransformedLogs: boolean
  readonly fieldSelectionCriteria?: string
  readonly emitSystemFieldDimensions?: readonly string[]
}

export interface MetricFilter extends MetricFilterRecord {
  readonly name: string
  /** The group's number. */
  readonly group: number
}

export const METRIC_FILTERS = 'logs.metric-filter'

export const metricFilterKey = ({ place, number }: Pick<LogGroup, 'place' | 'number'>, name: string): RecordKey => ({
  collection: METRIC_FILTERS,
  account: place.account,
  region: place.region,
  id: `${numberId(number)}/${name}`,
})

/** What a record's id says. */
export function filterIdentity({ id }: RecordKey): Pick<MetricFilter, 'name' | 'group'> {
  const slash = id.indexOf('/')
  return { group: Number(id.slice(0, slash)), name: id.slice(slash + 1) }
}

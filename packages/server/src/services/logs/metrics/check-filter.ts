import { logsErrors } from '#services/logs/errors.ts'
import { MAX_METRIC_DIMENSIONS } from '#services/logs/limits.ts'
import { parseSelectionCriteria } from '#services/logs/criteria/selection-criteria.ts'
import type { MetricTransformation } from '#services/logs/metrics/metric-filter.ts'
import { numberOf } from '#services/logs/patterns/compared-value.ts'
import { fieldReader } from '#services/logs/patterns/evaluate.ts'
import type { FilterPattern } from '#services/logs/patterns/filter-pattern.ts'

/** What events are told apart by beside their text, and what they can be given as dimensions. */
export const SYSTEM_FIELDS = ['@aws.account', '@aws.region'] as const

/** @throws AwsError InvalidParameterException when no metric can be made of what the pattern finds */
export function checkTransformation(transformation: MetricTransformation, pattern: FilterPattern): void {
  const { metricValue, defaultValue, dimensions = {} } = transformation
  if (numberOf(metricValue) === undefined && fieldReader(pattern, metricValue) === undefined) {
    throw invalid(`metric value ${metricValue} must be a valid number`)
  }
  if (defaultValue !== undefined && !Number.isFinite(defaultValue))
    throw invalid('default value must be a valid number')
  const references = Object.values(dimensions)
  if (references.length === 0) return
  if (pattern.kind !== 'json' && pattern.kind !== 'delimited') throw logsErrors.noDimensions()
  if (defaultValue !== undefined) throw invalid('dimensions and default value are mutually exclusive properties')
  if (references.length > MAX_METRIC_DIMENSIONS) {
    throw invalid(`at most ${String(MAX_METRIC_DIMENSIONS)} dimensions can be assigned to a metric`)
  }
  for (const reference of references) {
    if (fieldReader(pattern, reference) === undefined) throw invalid('dimension value must be valid selector')
  }
}

const invalid = (reason: string): Error => logsErrors.invalidParameter(`Invalid metric transformation: ${reason}`)

/**
 * @param criteria conditions on system fields
 * @param emitted system fields that are to become part of what is made of an event
 * @param fields those there are
 * @throws AwsError InvalidParameterException
 */
export function checkSystemFields(
  criteria: string | undefined,
  emitted: readonly string[] | undefined,
  fields: readonly string[],
): void {
  if (criteria !== undefined && parseSelectionCriteria(criteria, fields) === undefined) {
    throw logsErrors.invalidParameter(
      `The fieldSelectionCriteria is invalid. Compare ${fields.join(' or ')} with =, !=, IN [..] or NOT IN [..], joined by AND and OR.`,
    )
  }
  const unknown = emitted?.find((field) => !fields.includes(field))
  if (unknown !== undefined) {
    throw logsErrors.invalidParameter(
      `There is no system field ${unknown}. The system fields are ${fields.join(', ')}.`,
    )
  }
}

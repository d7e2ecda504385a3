import type { Distribution, StatisticSet } from '#kernel/metric-point.ts'
import type { Datum } from '#services/cloudwatch/data/check-data.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'
import { MAX_VALUE, MAX_VALUES } from '#services/cloudwatch/limits.ts'

interface Samples {
  readonly statistics: StatisticSet
  readonly distribution?: Distribution
}

/**
 * The samples of a datum: one value, values with counts, or a statistic set.
 * @throws AwsError
 */
export function readSamples(datum: Datum, where: string): Samples {
  const { Value: value, Values: values, Counts: counts, StatisticValues: set } = datum
  const exclusive = (first: string, second: string): Error =>
    cloudwatchErrors.exclusive(`${where}.${first}`, `${where}.${second}`)
  if (value !== undefined && values !== undefined) throw exclusive('Value', 'Values')
  if (value !== undefined && set !== undefined) throw exclusive('Value', 'StatisticValues')
  if (values !== undefined && set !== undefined) throw exclusive('Values', 'StatisticValues')
  if (value !== undefined && counts !== undefined) throw exclusive('Value', 'Counts')
  if (value !== undefined) {
    checkNumber(value, `${where}.Value`)
    return { statistics: { sampleCount: 1, sum: value, minimum: value, maximum: value } }
  }
  if (set !== undefined) return { statistics: readSet(set, `${where}.StatisticValues`) }
  if (values === undefined || values.length === 0)
    throw cloudwatchErrors.missing(
      `At least one of the parameters ${where}.Value, ${where}.Values and ${where}.StatisticValues must be specified.`,
    )
  return readValues(values, counts, where)
}

/** NaN, infinities, and what is too far from zero. */
function checkNumber(value: number, name: string): void {
  if (!(Math.abs(value) <= MAX_VALUE)) throw cloudwatchErrors.badValue(name, value)
}

function readSet(set: NonNullable<Datum['StatisticValues']>, where: string): StatisticSet {
  const { SampleCount: sampleCount, Sum: sum, Minimum: minimum, Maximum: maximum } = set
  for (const [name, value] of Object.entries({
    SampleCount: sampleCount,
    Sum: sum,
    Minimum: minimum,
    Maximum: maximum,
  }))
    checkNumber(value, `${where}.${name}`)
  if (sampleCount <= 0) throw cloudwatchErrors.badValue(`${where}.SampleCount`, sampleCount)
  if (minimum > maximum)
    throw cloudwatchErrors.invalidCombination(
      `The parameter ${where}.Maximum must be greater than or equal to the parameter ${where}.Minimum.`,
    )
  return { sampleCount, sum, minimum, maximum }
}

function readValues(values: readonly number[], counts: readonly number[] | undefined, where: string): Samples {
  if (values.length > MAX_VALUES) throw cloudwatchErrors.tooMany(`${where}.Values`, MAX_VALUES)
  if (counts !== undefined && counts.length !== values.length)
    throw cloudwatchErrors.invalidCombination(
      `The parameters ${where}.Values and ${where}.Counts must be of the same size.`,
    )
  const weights = counts ?? values.map(() => 1)
  let [sampleCount, sum, minimum, maximum] = [0, 0, Infinity, -Infinity]
  for (const [index, value] of values.entries()) {
    const count = weights[index] ?? 1
    const member = String(index + 1)
    checkNumber(value, `${where}.Values.member.${member}`)
    if (!(count > 0 && count <= MAX_VALUE)) throw cloudwatchErrors.badValue(`${where}.Counts.member.${member}`, count)
    sampleCount += count
    sum += value * count
    minimum = Math.min(minimum, value)
    maximum = Math.max(maximum, value)
  }
  return { statistics: { sampleCount, sum, minimum, maximum }, distribution: { values, counts: weights } }
}

import type { MetricPoint } from '#kernel/metric-point.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'

/** Printable ASCII with something in it. @source CloudWatch API reference, Dimension */
const PRINTABLE = /^ *[\x21-\x7e][\x20-\x7e]*$/

/** @param where the datum that has them; left out: they are a parameter of their own @throws AwsError InvalidParameterValue */
export function checkDimensions(
  dimensions: readonly { readonly Name: string; readonly Value: string }[],
  where = '',
): MetricPoint['dimensions'] {
  const found = new Map<string, string>()
  const list = where === '' ? 'Dimensions' : `${where}.Dimensions`
  for (const [index, { Name: name, Value: value }] of dimensions.entries()) {
    const place = `${list}.member.${String(index + 1)}`
    if (!PRINTABLE.test(name) || name.startsWith(':')) throw cloudwatchErrors.badValue(`${place}.Name`, name)
    if (!PRINTABLE.test(value)) throw cloudwatchErrors.badValue(`${place}.Value`, value)
    if (found.has(name))
      throw cloudwatchErrors.invalidValue(`The parameter ${list} has the dimension ${name} more than once.`)
    found.set(name, value)
  }
  return Object.fromEntries(found)
}

/** The dimensions of a metric that is read; nothing has to be told about names that no metric can have. */
export const dimensionsOf = (
  dimensions: readonly { readonly Name: string; readonly Value: string }[] = [],
): MetricPoint['dimensions'] => Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]))

/** How CloudWatch answers dimensions. */
export const dimensionList = (
  dimensions: MetricPoint['dimensions'],
): readonly { readonly Name: string; readonly Value: string }[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))

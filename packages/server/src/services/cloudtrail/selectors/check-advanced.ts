import type { AwsError } from '#kernel/errors.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_CONDITIONS } from '#services/cloudtrail/limits.ts'
import type { AdvancedSelector } from '#services/cloudtrail/types.ts'

export type FieldSelector = AdvancedSelector['FieldSelectors'][number]

/** @source CloudTrail API reference, AdvancedFieldSelector */
const OPERATORS = ['Equals', 'StartsWith', 'EndsWith', 'NotEquals', 'NotStartsWith', 'NotEndsWith'] as const

const COMMON = ['eventCategory', 'eventName', 'eventSource', 'eventType', 'readOnly', 'sessionCredentialFromConsole']
/** The fields that each category of events has. @source CloudTrail API reference, AdvancedFieldSelector */
const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  Management: new Set([...COMMON, 'userIdentity.arn']),
  Data: new Set([...COMMON, 'userIdentity.arn', 'resources.type', 'resources.ARN']),
  NetworkActivity: new Set(['eventCategory', 'eventName', 'eventSource', 'errorCode', 'vpcEndpointId']),
}
/** Fields that can only be said to equal something. */
const EQUALS_ONLY: ReadonlySet<string> = new Set(['eventCategory', 'readOnly', 'resources.type', 'errorCode'])

const invalid = (message: string): AwsError => cloudtrailErrors.selectors(message)

/** @throws AwsError InvalidEventSelectorsException */
export function checkAdvanced(given: readonly AdvancedSelector[]): void {
  if (given.length === 0) throw invalid('A trail has at least one advanced event selector.')
  const conditions = given.flatMap(({ FieldSelectors }) => FieldSelectors.flatMap(valuesOf))
  if (conditions.length > MAX_CONDITIONS)
    throw invalid(
      `The total number of conditions over all advanced event selectors is at most ${String(MAX_CONDITIONS)}.`,
    )
  for (const { FieldSelectors } of given) checkSelector(FieldSelectors)
}

const valuesOf = (field: FieldSelector): readonly string[] => OPERATORS.flatMap((operator) => field[operator] ?? [])

function checkSelector(fields: readonly FieldSelector[]): void {
  const names = fields.map(({ Field }) => Field)
  if (new Set(names).size !== names.length) throw invalid('A field stands once in an advanced event selector.')
  const category = onlyValue(fields, 'eventCategory')
  const allowed = FIELDS[category]
  if (allowed === undefined) throw invalid(`Value ${category} for the field eventCategory is invalid.`)
  for (const field of fields) checkField(field, category, allowed)
  if (category === 'Data') checkDataType(onlyValue(fields, 'resources.type'))
  if (category === 'NetworkActivity') onlyValue(fields, 'eventSource')
}

function onlyValue(fields: readonly FieldSelector[], name: string): string {
  const values = fields.find(({ Field }) => Field === name)?.Equals ?? []
  const [value] = values
  if (value === undefined || values.length > 1)
    throw invalid(`Every such selector has the field ${name}, which equals exactly one value.`)
  return value
}

function checkField(field: FieldSelector, category: string, allowed: ReadonlySet<string>): void {
  const { Field: name } = field
  if (!allowed.has(name)) throw invalid(`The field ${name} is not one of ${category} events.`)
  const used = OPERATORS.filter((operator) => field[operator] !== undefined)
  if (used.length === 0) throw invalid(`The field ${name} has no operator.`)
  if (EQUALS_ONLY.has(name) && used.some((operator) => operator !== 'Equals'))
    throw invalid(`The field ${name} takes the operator Equals only.`)
  if (name === 'readOnly' && !(field.Equals ?? []).every((value) => value === 'true' || value === 'false'))
    throw invalid('The field readOnly equals true or false.')
}

function checkDataType(type: string): void {
  if (!/^AWS::[A-Za-z\d]+::[A-Za-z\d]+$/.test(type))
    throw invalid(`Value ${type} for the field resources.type is invalid.`)
}

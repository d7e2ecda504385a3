import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_DATA_RESOURCES, MAX_SELECTORS } from '#services/cloudtrail/limits.ts'
import type { BasicSelector } from '#services/cloudtrail/types.ts'

/** What the ARNs of each type begin with; the opening alone means all of them. @source CloudTrail API reference, DataResource */
const OPENINGS: Readonly<Record<string, string>> = {
  'AWS::S3::Object': 'arn:aws:s3',
  'AWS::Lambda::Function': 'arn:aws:lambda',
  'AWS::DynamoDB::Table': 'arn:aws:dynamodb',
}
const EXCLUDABLE: ReadonlySet<string> = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com'])

/**
 * Basic selectors with everything that was left out.
 * @throws AwsError InvalidEventSelectorsException
 */
export function checkedBasic(given: readonly BasicSelector[]): readonly BasicSelector[] {
  if (given.length === 0 || given.length > MAX_SELECTORS)
    throw cloudtrailErrors.selectors(`A trail has between 1 and ${String(MAX_SELECTORS)} event selectors.`)
  const resources = given.flatMap(({ DataResources = [] }) => DataResources)
  const values = resources.flatMap(({ Values = [] }) => Values)
  if (values.length > MAX_DATA_RESOURCES) {
    throw cloudtrailErrors.selectors(
      `The total number of allowed data resources is ${String(MAX_DATA_RESOURCES)}. This number can be distributed between 1 and ${String(MAX_SELECTORS)} event selectors.`,
    )
  }
  return given.map(checkedSelector)
}

function checkedSelector(given: BasicSelector): BasicSelector {
  const {
    ReadWriteType = 'All',
    IncludeManagementEvents = true,
    DataResources = [],
    ExcludeManagementEventSources = [],
  } = given
  for (const { Type, Values } of DataResources) checkResource(Type, Values ?? [])
  for (const source of ExcludeManagementEventSources) {
    if (!EXCLUDABLE.has(source))
      throw cloudtrailErrors.selectors(`Value ${source} for ExcludeManagementEventSources is invalid.`)
  }
  if (!IncludeManagementEvents && ExcludeManagementEventSources.length > 0)
    throw cloudtrailErrors.selectors('ExcludeManagementEventSources needs IncludeManagementEvents to be true.')
  if (!IncludeManagementEvents && DataResources.length === 0)
    throw cloudtrailErrors.selectors('An event selector selects management events, data events, or both.')
  return { ReadWriteType, IncludeManagementEvents, DataResources, ExcludeManagementEventSources }
}

function checkResource(type: string | undefined, values: readonly string[]): void {
  const opening = OPENINGS[type ?? '']
  if (opening === undefined) throw cloudtrailErrors.selectors(`Value ${type ?? ''} for DataResources.Type is invalid.`)
  for (const value of values) {
    if (value !== opening && !value.startsWith(`${opening}:`))
      throw cloudtrailErrors.selectors(`Value ${value} for DataResources.Values is invalid.`)
  }
}

/** What a trail selects that was told nothing. */
export const DEFAULT_SELECTORS: readonly BasicSelector[] = [
  { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
]

import type { AwsError } from '#kernel/errors.ts'
import { type LogsPlace, parseGroupArn } from '#services/logs/arns.ts'
import type { Tags } from '#services/logs/catalog/log-group.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_TAGS } from '#services/logs/limits.ts'

/**
 * The group that an ARN means; the ARN has no `:*` at its end.
 * @throws AwsError ResourceNotFoundException for an ARN of something else, or of a group elsewhere
 */
export function taggedGroup(resourceArn: string, place: LogsPlace): string {
  const arn = parseGroupArn(resourceArn)
  if (arn === undefined || arn.account !== place.account || arn.region !== place.region)
    throw logsErrors.groupNotFound()
  return arn.name
}

/**
 * Tags after `added` has replaced or joined what there is.
 * @throws AwsError `invalid` for reserved keys, InvalidParameterException when left out; TooManyTagsException
 */
export function mergedTags(
  existing: Tags,
  added: Tags,
  resource: string,
  invalid: (message: string) => AwsError = logsErrors.invalidParameter,
): Tags {
  checkTagKeys(added, invalid)
  // Without a prototype, so that a tag called `__proto__` is a tag like any other.
  const merged: Record<string, string> = Object.assign(Object.create(null), existing, added)
  if (Object.keys(merged).length > MAX_TAGS) throw logsErrors.tooManyTags(resource, MAX_TAGS)
  return merged
}

/** Tags without those named; keys that are not there do not matter. */
export function remainingTags(existing: Tags, removed: readonly string[]): Tags {
  const gone = new Set(removed)
  return Object.fromEntries(Object.entries(existing).filter(([key]) => !gone.has(key)))
}

function checkTagKeys(tags: Tags, invalid: (message: string) => AwsError): void {
  for (const key of Object.keys(tags)) {
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalid(`The tag key ${key} cannot be used: keys that start with aws: are reserved for AWS.`)
    }
  }
}

import { logsErrors } from '#services/logs/errors.ts'
import type { Tags } from '#services/logs/catalog/log-group.ts'
import { MAX_TAGS } from '#services/logs/limits.ts'

/**
 * Tags after `added` has replaced or joined what there is.
 * @throws AwsError InvalidParameterException for reserved keys, TooManyTagsException
 */
export function mergedTags(existing: Tags, added: Tags, resource: string): Tags {
  checkTagKeys(added)
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

function checkTagKeys(tags: Tags): void {
  for (const key of Object.keys(tags)) {
    if (key.toLowerCase().startsWith('aws:')) {
      throw logsErrors.invalidParameter(`The tag key ${key} cannot be used: keys that start with aws: are reserved for AWS.`)
    }
  }
}

import { createHash } from 'node:crypto'
import type { LifecycleRules } from '#services/s3/buckets/bucket.ts'
import type { ObjectVersion } from '#services/s3/catalog/object-version.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_LIFECYCLE_RULES } from '#services/s3/limits.ts'

export type LifecycleRule = LifecycleRules[number]

const DAY_MILLIS = 24 * 60 * 60 * 1_000
const MAX_ID = 255

/** Rules without a name get one. @throws S3Error MalformedXML, InvalidArgument, InvalidRequest, NotImplemented */
export function checkLifecycleRules(rules: LifecycleRules): LifecycleRules {
  if (rules.length === 0 || rules.length > MAX_LIFECYCLE_RULES) throw s3Errors.malformedXml()
  const named = rules.map((rule, index) =>
    rule.ID === undefined || rule.ID === '' ? { ...rule, ID: idOf(rule, index) } : rule,
  )
  if (new Set(named.map(({ ID }) => ID)).size < named.length)
    throw s3Errors.invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID', '')
  named.forEach(checkRule)
  return named
}

const idOf = (rule: LifecycleRule, index: number): string =>
  createHash('sha256')
    .update(`${String(index)}${JSON.stringify(rule)}`)
    .digest('base64url')
    .slice(0, 48)

function checkRule(rule: LifecycleRule): void {
  const {
    Expiration: expiration,
    NoncurrentVersionExpiration: noncurrent,
    AbortIncompleteMultipartUpload: abort,
  } = rule
  if ((rule.ID?.length ?? 0) > MAX_ID)
    throw s3Errors.invalidArgument('ID length should not exceed allowed limit of 255', 'ID', rule.ID ?? '')
  if ((rule.Transitions?.length ?? 0) > 0 || (rule.NoncurrentVersionTransitions?.length ?? 0) > 0)
    throw s3Errors.notBuilt('A transition to another storage class')
  if (expiration === undefined && noncurrent === undefined && abort === undefined)
    throw s3Errors.invalidRequest('At least one action needs to be specified in a rule')
  if (rule.Filter === undefined && rule.Prefix === undefined) throw s3Errors.malformedXml()
  if (expiration !== undefined) {
    const given = [expiration.Days, expiration.Date, expiration.ExpiredObjectDeleteMarker].filter(
      (one) => one !== undefined,
    )
    if (given.length !== 1) throw s3Errors.malformedXml()
    checkDays(expiration.Days, "'Days' for Expiration action must be a positive integer")
    if (expiration.Date !== undefined && expiration.Date % DAY_MILLIS !== 0)
      throw s3Errors.invalidArgument("'Date' must be at midnight GMT", 'Date', new Date(expiration.Date).toISOString())
  }
  checkDays(
    noncurrent?.NoncurrentDays,
    "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
  )
  if (noncurrent !== undefined && noncurrent.NoncurrentDays === undefined) throw s3Errors.malformedXml()
  checkDays(
    abort?.DaysAfterInitiation,
    "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
  )
  if (abort !== undefined && abort.DaysAfterInitiation === undefined) throw s3Errors.malformedXml()
  const filter = filterOf(rule)
  if (abort !== undefined && (filter.tags.length > 0 || filter.least !== undefined || filter.most !== undefined))
    throw s3Errors.invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags.')
}

function checkDays(days: number | undefined, message: string): void {
  if (days !== undefined && (days <= 0 || !Number.isInteger(days)))
    throw s3Errors.invalidArgument(message, 'Days', String(days))
}

/** For which objects a rule is. */
export interface RuleFilter {
  readonly prefix: string
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  /** Only larger ones. */
  readonly least?: number
  /** Only smaller ones. */
  readonly most?: number
}

export function filterOf({ Filter: filter, Prefix: prefix }: LifecycleRule): RuleFilter {
  const and = filter?.And
  const least = and?.ObjectSizeGreaterThan ?? filter?.ObjectSizeGreaterThan
  const most = and?.ObjectSizeLessThan ?? filter?.ObjectSizeLessThan
  return {
    prefix: and?.Prefix ?? filter?.Prefix ?? prefix ?? '',
    tags: and?.Tags ?? (filter?.Tag === undefined ? [] : [filter.Tag]),
    ...(least === undefined ? {} : { least }),
    ...(most === undefined ? {} : { most }),
  }
}

export const isMeant = ({ tags, least, most }: RuleFilter, object: Pick<ObjectVersion, 'size' | 'tags'>): boolean =>
  (least === undefined || object.size > least) &&
  (most === undefined || object.size < most) &&
  tags.every(({ Key, Value }) => object.tags?.some((tag) => tag.Key === Key && tag.Value === Value) === true)

/** So many days after, rounded up to the next midnight in UTC. @source Amazon S3 user guide, "Lifecycle rules: based on an object's age" */
export const daysAfter = (instant: number, days: number): number =>
  Math.ceil((instant + days * DAY_MILLIS) / DAY_MILLIS) * DAY_MILLIS

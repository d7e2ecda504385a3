import { iamErrors } from '#services/iam/errors.ts'
import { MAX_TAGS } from '#services/iam/limits.ts'

// What the model's patterns say, with the words that IAM uses for each.
const NAME = /^[\w+=,.@-]+$/
const PATH = /^\/([!-~]+\/)?$/
const PATH_PREFIX = /^\/[!-\u007f]*$/
const DOCUMENT = /^[\t\n\r -\u00ff]+$/
/** Below these only AWS makes roles. */
const RESERVED_PATHS: readonly string[] = ['/aws-service-role/', '/aws-reserved/']

/** `member`: as the message names it, e.g. `userName`. @throws AwsError ValidationError */
export function checkName(member: string, name: string): void {
  if (!NAME.test(name)) throw iamErrors.badName(member)
}

/** @throws AwsError ValidationError */
export function checkPath(path: string): void {
  if (!PATH.test(path)) throw iamErrors.badPath()
  const reserved = RESERVED_PATHS.find((prefix) => path.startsWith(prefix))
  if (reserved !== undefined) throw iamErrors.reservedPath(reserved)
}

/** @throws AwsError ValidationError */
export function checkPathPrefix(prefix: string): void {
  if (!PATH_PREFIX.test(prefix)) throw iamErrors.badPathPrefix()
}

/** @throws AwsError ValidationError */
export function checkDocumentCharacters(document: string): void {
  if (!DOCUMENT.test(document)) throw iamErrors.policyCharacters()
}

/** Tag keys are one when they differ in case only. @throws AwsError InvalidInput, LimitExceeded */
export function checkTags(tags: readonly { readonly Key: string }[]): void {
  const keys = tags.map((tag) => tag.Key.toLowerCase())
  if (keys.some((key) => key.startsWith('aws:'))) throw iamErrors.reservedTag()
  if (new Set(keys).size !== keys.length) throw iamErrors.duplicateTags()
  if (keys.length > MAX_TAGS) throw iamErrors.tooManyTags()
}

import { type PolicyKind, PolicySyntaxError, parsePolicy } from '@sluice/policy'
import { checkDocumentCharacters } from '#services/iam/checks.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { MAX_MANAGED_POLICY_CHARS } from '#services/iam/limits.ts'

/** @throws AwsError ValidationError for characters outside Latin-1, MalformedPolicyDocument with AWS's text for the rest */
export function checkPolicyDocument(document: string, kind: Exclude<PolicyKind, 'resource'>): void {
  checkDocumentCharacters(document)
  try {
    parsePolicy(document, kind)
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw iamErrors.malformedPolicy(error.message)
    throw error
  }
}

/** What counts against the size limits: everything but white space. */
export const countedChars = (document: string): number => document.replace(/\s+/g, '').length

/** The document as IAM answers it: percent-encoded by RFC 3986. */
export const encodeDocument = (document: string): string =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** @throws AwsError as {@link checkPolicyDocument}; LimitExceeded */
export function checkManagedDocument(document: string): void {
  checkPolicyDocument(document, 'identity')
  if (countedChars(document) > MAX_MANAGED_POLICY_CHARS)
    throw iamErrors.quotaExceeded('PolicySize', MAX_MANAGED_POLICY_CHARS)
}

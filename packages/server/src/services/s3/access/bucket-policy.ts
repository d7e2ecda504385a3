import { type Policy, PolicySyntaxError, cachedPolicy } from '@sluice/policy'
import { bucketArn } from '#services/s3/buckets/bucket.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_POLICY_BYTES } from '#services/s3/limits.ts'

/**
 * A policy that may be put on a bucket.
 * @throws S3Error MalformedPolicy for what is no resource policy, too long, or about something else than the bucket
 */
export function checkBucketPolicy(bucket: string, document: string): Policy {
  const bytes = Buffer.byteLength(document)
  if (bytes > MAX_POLICY_BYTES) {
    throw s3Errors.bad(
      'PolicyTooLarge',
      `The policy is ${String(bytes)} bytes long; the most is ${String(MAX_POLICY_BYTES)}.`,
    )
  }
  let policy: Policy
  try {
    policy = cachedPolicy(document, 'resource')
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error
    throw s3Errors.malformedPolicy(`${error.message} ${error.detail}`)
  }
  checkResources(bucket, document)
  return policy
}

function checkResources(bucket: string, document: string): void {
  const { Statement } = JSON.parse(document) as { readonly Statement: unknown }
  for (const statement of listOf(Statement) as readonly Readonly<Record<string, unknown>>[]) {
    for (const action of listOf(statement['Action'] ?? statement['NotAction'])) {
      if (action !== '*' && !String(action).toLowerCase().startsWith('s3:'))
        throw s3Errors.malformedPolicy('Policy has invalid action')
    }
    for (const resource of listOf(statement['Resource'] ?? statement['NotResource'])) {
      const text = String(resource)
      if (
        text !== '*' &&
        text !== bucketArn(bucket) &&
        !text.startsWith(`${bucketArn(bucket)}/`) &&
        !isPattern(text, bucket)
      )
        throw s3Errors.malformedPolicy('Policy has invalid resource')
    }
  }
}

/** `arn:aws:s3:::orders*` may stand for the bucket as well. */
function isPattern(resource: string, bucket: string): boolean {
  const name = resource.slice(bucketArn('').length)
  const fixed = name.split(/[*?]/)[0] ?? ''
  return resource.startsWith(bucketArn('')) && /[*?]/.test(name.split('/')[0] ?? '') && bucket.startsWith(fixed)
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value]

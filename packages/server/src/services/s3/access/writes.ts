import type { AccessCheck, AccessScope, OperationAccess } from '#kernel/service.ts'
import { type AccessDeps, bucketResources, check, tagsOf, versionOf } from '#services/s3/access/checks.ts'
import { inputKeys } from '#services/s3/access/request-context.ts'
import { type Bucket, objectArn } from '#services/s3/buckets/bucket.ts'
import type { S3Input } from '#services/s3/types.ts'
import { ownerOfBucket } from '#services/s3/access/checks.ts'

interface Writes {
  readonly ACL?: string | undefined
  readonly Tagging?: unknown
  readonly ObjectLockMode?: string | undefined
  readonly ObjectLockLegalHoldStatus?: string | undefined
}

/** What a write needs beside PutObject for what it says beside the bytes. */
export const writeExtras = (input: object): readonly string[] => {
  const { ACL, Tagging, ObjectLockMode, ObjectLockLegalHoldStatus } = input as Writes
  return [
    // The one ACL that says what is so anyway changes none.
    ...(ACL === undefined || ACL === 'bucket-owner-full-control' ? [] : ['PutObjectAcl']),
    ...(Tagging === undefined ? [] : ['PutObjectTagging']),
    ...(ObjectLockMode === undefined ? [] : ['PutObjectRetention']),
    ...(ObjectLockLegalHoldStatus === undefined ? [] : ['PutObjectLegalHold']),
  ]
}

/** Whoever wants to go past governance mode has to be allowed to. */
export const bypassExtra = (input: object): readonly string[] =>
  (input as { readonly BypassGovernanceRetention?: boolean }).BypassGovernanceRetention === true
    ? ['BypassGovernanceRetention']
    : []

/** What deleting one object of several needs. */
export async function deletionChecks(
  deps: AccessDeps,
  bucket: Bucket,
  {
    Key,
    VersionId,
    bypass,
  }: { readonly Key: string; readonly VersionId: string | undefined; readonly bypass: boolean },
  scope: AccessScope,
): Promise<readonly AccessCheck[]> {
  const version = await versionOf(deps.catalog, bucket, Key, VersionId)
  const context = { ...inputKeys({ VersionId }, deps.clock.now()), ...tagsOf(version) }
  return [
    VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion',
    ...(bypass ? ['BypassGovernanceRetention'] : []),
  ].map((action) => check(action, objectArn(bucket.name, Key), bucket, scope, context))
}

/** Each key is asked about by itself, while it is deleted: those that are denied are told as errors, and the others go. */
export const onDeletes = (deps: AccessDeps): OperationAccess<S3Input<'DeleteObjects'>> => ({
  category: 'data',
  readOnly: false,
  unsignedAccount: ownerOfBucket(deps.buckets),
  checks: 'none',
  resources: bucketResources,
})

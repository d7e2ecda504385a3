import type { AccessCheck, AccessScope, OperationAccess } from '#kernel/service.ts'
import {
  type AccessDeps,
  type NamesObject,
  check,
  objectResources,
  ownerOfBucket,
  tagsOf,
  versionOf,
} from '#services/s3/access/checks.ts'
import { inputKeys } from '#services/s3/access/request-context.ts'
import { checkOwner, targetBucket } from '#services/s3/access/target.ts'
import { bucketArn, objectArn } from '#services/s3/buckets/bucket.ts'
import { readCopySource } from '#services/s3/catalog/copy-source.ts'

interface Copies extends NamesObject {
  readonly CopySource: string
  readonly ExpectedSourceBucketOwner?: string | undefined
}

/** A copy reads one object and writes another: both are asked about. */
export const onCopy = (deps: AccessDeps, more: (input: Copies) => readonly string[]): OperationAccess<Copies> => ({
  category: 'data',
  readOnly: false,
  unsignedAccount: ownerOfBucket(deps.buckets),
  checks: async (input, scope) => {
    const bucket = await targetBucket(deps.buckets, input, scope)
    const context = inputKeys(input, deps.clock.now())
    const resource = objectArn(bucket.name, input.Key)
    return [
      ...(await sourceChecks(deps, input, scope)),
      ...['PutObject', ...more(input)].map((action) => check(action, resource, bucket, scope, context)),
    ]
  },
  resources: objectResources,
})

async function sourceChecks(
  { buckets, catalog }: AccessDeps,
  input: Copies,
  scope: AccessScope,
): Promise<readonly AccessCheck[]> {
  const { bucket: name, key, versionId } = readCopySource(input.CopySource)
  const bucket = await buckets.require(name)
  checkOwner(bucket, input.ExpectedSourceBucketOwner)
  const version = await versionOf(catalog, bucket, key, versionId)
  const action = versionId === undefined ? 'GetObject' : 'GetObjectVersion'
  const context = { ...tagsOf(version), ...(versionId === undefined ? {} : { 's3:VersionId': versionId }) }
  return [
    check(action, objectArn(name, key), bucket, scope, context),
    ...(version === undefined ? [check('ListBucket', bucketArn(name), bucket, scope, {})] : []),
  ]
}

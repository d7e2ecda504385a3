import type { AccessCheck, AccessScope, OperationAccess } from '#kernel/service.ts'
import { type Bucket, bucketArn, objectArn } from '#services/s3/buckets/bucket.ts'
import { type Keys, existingTagKeys, inputKeys, requestKeys } from '#services/s3/access/request-context.ts'
import { type NamesBucket, targetBucket } from '#services/s3/access/target.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Buckets } from '#services/s3/buckets/buckets.ts'
import type { Catalog } from '#services/s3/catalog/catalog.ts'
import type { Version } from '#services/s3/catalog/object-version.ts'

export interface AccessDeps {
  readonly buckets: Buckets
  readonly catalog: Catalog
  readonly clock: Clock
}

export interface NamesObject extends NamesBucket {
  readonly Key: string
  readonly VersionId?: string | undefined
}

type Access<Input> = OperationAccess<Input>

/** One permission on a bucket or an object. Strangers are told nothing but that they may not. */
export function check(
  action: string,
  resource: string,
  bucket: Bucket,
  scope: AccessScope,
  context: Keys,
): AccessCheck {
  return {
    action: `s3:${action}`,
    resource,
    resourceAccount: bucket.owner,
    context: { ...requestKeys(scope, bucket), ...context },
    ...(scope.principal.kind === 'anonymous' ? { denialText: 'Access Denied' } : {}),
  }
}

export const bucketResources = ({ Bucket }: { readonly Bucket: string }) => [
  { type: 'AWS::S3::Bucket', name: bucketArn(Bucket) },
]
export const objectResources = ({ Bucket, Key }: { readonly Bucket: string; readonly Key: string }) => [
  { type: 'AWS::S3::Object', name: objectArn(Bucket, Key) },
  ...bucketResources({ Bucket }),
]

/** How the operations of buckets are authorised. */
export const onBucket =
  ({ buckets, clock }: AccessDeps) =>
  (action: string, readOnly: boolean): Access<NamesBucket> => ({
    category: 'management',
    readOnly,
    checks: async (input, scope) => {
      const bucket = await targetBucket(buckets, input, scope)
      return [check(action, bucketArn(bucket.name), bucket, scope, inputKeys(input, clock.now()))]
    },
    resources: bucketResources,
  })

/** The same for reading what is in a bucket, which CloudTrail counts among the data events. */
export const onContent = (deps: AccessDeps) => {
  const bucketAccess = onBucket(deps)
  return (action: string): Access<NamesBucket> => ({
    ...bucketAccess(action, true),
    category: 'data',
    unsignedAccount: ownerOfBucket(deps.buckets),
  })
}

/** Which permission an operation needs on an object, and on a version of it that the request names. */
export type ObjectAction = readonly [action: string, ofVersion?: string]

export interface ObjectKind {
  readonly readOnly: boolean
  /** It speaks of an object that has to be there: whoever may not list the bucket is not told that it is not. */
  readonly mustExist?: boolean
  /** It speaks of an object that is being made: no condition on the tags of what is there now can hold. */
  readonly makes?: boolean
  readonly more?: (input: NamesObject) => readonly string[]
}

/** How the operations of objects are authorised. */
export const onObject =
  (deps: AccessDeps) =>
  (
    actions: readonly ObjectAction[],
    { readOnly, mustExist = false, makes = false, more }: ObjectKind,
  ): Access<NamesObject> => ({
    category: 'data',
    readOnly,
    unsignedAccount: ownerOfBucket(deps.buckets),
    checks: async (input, scope) => {
      const bucket = await targetBucket(deps.buckets, input, scope)
      const { Key: key, VersionId: versionId } = input
      const version = makes ? undefined : await versionOf(deps.catalog, bucket, key, versionId)
      const context = { ...inputKeys(input, deps.clock.now()), ...tagsOf(version) }
      const resource = objectArn(bucket.name, key)
      const names = [
        ...actions.map(([action, ofVersion = action]) => (versionId === undefined ? action : ofVersion)),
        ...(more?.(input) ?? []),
      ]
      return [
        ...names.map((action) => check(action, resource, bucket, scope, context)),
        ...(mustExist && version === undefined ? [check('ListBucket', bucketArn(bucket.name), bucket, scope, {})] : []),
      ]
    },
    resources: objectResources,
  })

export const ownerOfBucket =
  (buckets: Buckets) =>
  async ({ Bucket }: { readonly Bucket: string }) =>
    (await buckets.find(Bucket))?.owner

export async function versionOf(
  catalog: Catalog,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): Promise<Version | undefined> {
  if (!isReadable(key)) return undefined
  return versionId === undefined ? catalog.latest(bucket, key) : catalog.version(bucket, key, versionId)
}

/** What is no key has no record; the operation says why. */
const isReadable = (key: string): boolean =>
  key !== '' && !key.includes('\0') && key.isWellFormed() && Buffer.byteLength(key) <= 1_024

export const tagsOf = (version: Version | undefined): Keys =>
  version?.kind === 'object' ? existingTagKeys(version.tags) : {}

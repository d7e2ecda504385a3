import { randomBytes } from 'node:crypto'
import { type Region, region } from '#kernel/ids.ts'
import { refuseAcls } from '#services/s3/attributes.ts'
import { BLOCK_ALL, type Bucket, bucketArn } from '#services/s3/buckets/bucket.ts'
import { isBucketName } from '#services/s3/buckets/names.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_BUCKETS, MAX_BUCKET_TAGS } from '#services/s3/limits.ts'
import { checkTags } from '#services/s3/tags.ts'
import type { S3Handler, S3Input } from '#services/s3/types.ts'
import { enforcedOwnership } from '#services/s3/buckets/ownership.ts'

const FIRST_REGION = 'us-east-1'

/** A bucket with what AWS gives every new one: private, encrypted, ACLs off. */
export const createBucket =
  ({ buckets }: Pick<S3Parts, 'buckets'>): S3Handler<'CreateBucket'> =>
  async (input, ctx) => {
    const name = input.Bucket
    if (!isBucketName(name)) throw s3Errors.invalidBucketName(name)
    if (input.BucketNamespace === 'account-regional')
      throw s3Errors.notBuilt('The account-regional namespace of buckets')
    if (
      input.CreateBucketConfiguration?.Bucket !== undefined ||
      input.CreateBucketConfiguration?.Location !== undefined
    )
      throw s3Errors.notBuilt('A directory bucket')
    refuseAcls(input)
    const where = regionOf(input, ctx.region)
    const tags = input.CreateBucketConfiguration?.Tags
    const bucket: Bucket = {
      name,
      id: randomBytes(12).toString('hex'),
      owner: ctx.account,
      region: where,
      created: ctx.now,
      publicAccess: BLOCK_ALL,
      ownership: enforcedOwnership(input.ObjectOwnership ?? 'BucketOwnerEnforced'),
      encryption: { algorithm: 'AES256' },
      ...(tags === undefined ? {} : { tags: checkTags(tags, MAX_BUCKET_TAGS) }),
      ...(input.ObjectLockEnabledForBucket === true
        ? { versioning: 'Enabled', lock: { ObjectLockEnabled: 'Enabled' } }
        : {}),
    }
    await refuseOneTooMany(buckets, bucket)
    if (!(await buckets.create(bucket))) await nameIsTaken(buckets, bucket)
    return {
      Location: where === FIRST_REGION ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
      BucketArn: bucketArn(name),
    }
  }

/** @throws S3Error IllegalLocationConstraintException, InvalidLocationConstraint */
function regionOf({ CreateBucketConfiguration }: S3Input<'CreateBucket'>, signedFor: Region): Region {
  const constraint = CreateBucketConfiguration?.LocationConstraint
  if (constraint === undefined) {
    if (signedFor !== FIRST_REGION) throw s3Errors.illegalLocation('unspecified')
    return signedFor
  }
  const named = constraint === 'EU' ? 'eu-west-1' : constraint
  // The endpoint of the first region makes buckets anywhere, any other one its own only.
  if (signedFor !== FIRST_REGION && named !== signedFor) throw s3Errors.illegalLocation(constraint)
  return region(named)
}

async function refuseOneTooMany(buckets: Pick<S3Parts, 'buckets'>['buckets'], { owner }: Bucket): Promise<void> {
  const owned = await buckets.count(owner, MAX_BUCKETS)
  if (owned >= MAX_BUCKETS) throw s3Errors.tooManyBuckets()
}

/** In the first region making one's own bucket again is a success, as it always was. */
async function nameIsTaken(buckets: Pick<S3Parts, 'buckets'>['buckets'], { name, owner, region: where }: Bucket) {
  const there = await buckets.find(name)
  if (there?.owner !== owner) throw s3Errors.bucketExists(name)
  if (there.region !== FIRST_REGION || where !== FIRST_REGION) throw s3Errors.bucketOwnedByYou(name)
}

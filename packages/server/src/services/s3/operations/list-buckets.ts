import { bucketArn } from '#services/s3/buckets/bucket.ts'
import type { S3Parts } from '#services/s3/deps.ts'
import { MAX_BUCKETS } from '#services/s3/limits.ts'
import { ownerOf } from '#services/s3/owner.ts'
import { readToken } from '#services/s3/listing/token.ts'
import type { S3Handler } from '#services/s3/types.ts'

const OPERATION = 'ListBuckets'

/** The buckets of the caller's account, by name. */
export const listBuckets =
  ({ buckets, tokens }: Pick<S3Parts, 'buckets' | 'tokens'>): S3Handler<'ListBuckets'> =>
  async (input, ctx) => {
    const { Prefix: prefix, BucketRegion: where, ContinuationToken: token } = input
    const most = input.MaxBuckets ?? MAX_BUCKETS
    const scope = { account: ctx.account, prefix, where }
    const after = readToken(tokens, OPERATION, scope, token)
    const found = await buckets.ownedBy(ctx.account, {
      limit: MAX_BUCKETS,
      ...(prefix === undefined ? {} : { prefix }),
      ...(after === undefined ? {} : { after }),
    })
    const matching = found.filter(({ region }) => where === undefined || region === where)
    const page = matching.slice(0, most)
    const last = page.at(-1)
    return {
      Owner: ownerOf(ctx.account),
      Buckets: page.map(({ name, created, region }) => ({
        Name: name,
        CreationDate: created,
        BucketRegion: region,
        BucketArn: bucketArn(name),
      })),
      ...(prefix === undefined ? {} : { Prefix: prefix }),
      ...(matching.length > page.length && last !== undefined
        ? { ContinuationToken: tokens.issue(OPERATION, scope, last.name) }
        : {}),
    }
  }

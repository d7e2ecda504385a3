import type { S3Parts } from '#services/s3/deps.ts'
import { describeListed } from '#services/s3/listing/described.ts'
import { given, keyWriter, pageSize } from '#services/s3/listing/encoding.ts'
import { listCurrent } from '#services/s3/listing/objects.ts'
import { ownerOf } from '#services/s3/owner.ts'
import { readToken } from '#services/s3/listing/token.ts'
import type { S3Handler } from '#services/s3/types.ts'

const OPERATION = 'ListObjectsV2'

/** Current objects by key, page by page. A token goes on behind the last key or common prefix of its page. */
export const listObjectsV2 =
  ({ buckets, records, tokens }: Pick<S3Parts, 'buckets' | 'records' | 'tokens'>): S3Handler<'ListObjectsV2'> =>
  async (input) => {
    const bucket = await buckets.require(input.Bucket)
    const { Prefix: prefix = '', Delimiter: delimiter = '', ContinuationToken: token, StartAfter: start } = input
    const most = pageSize(input.MaxKeys, 'maxKeys')
    const write = keyWriter(input.EncodingType)
    const scope = { bucket: bucket.id, prefix, delimiter }
    const after = readToken(tokens, OPERATION, scope, token) ?? start
    const page = await listCurrent(records, {
      bucketId: bucket.id,
      prefix,
      delimiter,
      most,
      ...(after === undefined ? {} : { after }),
    })
    const last =
      page.last === undefined ? undefined : 'entry' in page.last ? page.last.entry.key : page.last.commonPrefix
    return {
      Name: bucket.name,
      Prefix: write(prefix),
      ...given('Delimiter', delimiter, write),
      ...given('StartAfter', start, write),
      MaxKeys: most,
      KeyCount: page.entries.length + page.commonPrefixes.length,
      IsTruncated: page.isTruncated,
      ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
      ...(token === undefined ? {} : { ContinuationToken: token }),
      ...(page.isTruncated && last !== undefined
        ? { NextContinuationToken: tokens.issue(OPERATION, scope, last) }
        : {}),
      Contents: page.entries.map((object) => ({
        ...describeListed(object, write),
        ...(input.FetchOwner === true ? { Owner: ownerOf(bucket.owner) } : {}),
      })),
      CommonPrefixes: page.commonPrefixes.map((commonPrefix) => ({ Prefix: write(commonPrefix) })),
    }
  }

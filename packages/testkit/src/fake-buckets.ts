import { gunzipSync } from 'node:zlib'
import { cachedPolicy } from '@sluice/policy'
import { AwsError } from '../../server/src/kernel/errors.ts'
import type { Service } from '../../server/src/kernel/service.ts'

type S3 = Service<'s3'>
type PutInput = Parameters<NonNullable<S3['operations']['PutObject']>>[0]

/** An object that was put, with all that came beside its bytes. */
export interface FakeObject {
  readonly bytes: Buffer
  readonly input: Omit<PutInput, 'Body'>
}

/** Far end of deliveries to S3: buckets with a policy, behind the real gate, and what was put into them. */
export interface FakeBuckets {
  readonly service: Pick<S3, 'operations' | 'access' | 'resourcePolicies'>
  /** Policies by bucket; a bucket without one has an empty text. */
  readonly policies: Map<string, string>
  /** By `<bucket>/<key>`, in the order of the first put. */
  readonly objects: Map<string, FakeObject>
  /** How often each object was put. */
  readonly puts: Map<string, number>
  /** Makes puts fail after, or before, the object is there. */
  fault: ((key: string) => 'before' | 'after' | undefined) | undefined
  /** Keys that end so, in order. */
  keys(end?: string): readonly string[]
  /** The text of a compressed object. */
  text(path: string): string
}

export function fakeBuckets(): FakeBuckets {
  const policies = new Map<string, string>()
  const objects = new Map<string, FakeObject>()
  const puts = new Map<string, number>()
  const policyOf = (bucket: string): string => {
    const policy = policies.get(bucket)
    if (policy === undefined) throw new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist')
    return policy
  }
  const fake: FakeBuckets = {
    policies,
    objects,
    puts,
    fault: undefined,
    keys: (end = '') => [...objects.keys()].filter((path) => path.endsWith(end)),
    text: (path) => {
      const object = objects.get(path)
      if (object === undefined) throw new Error(`there is no object ${path}`)
      return gunzipSync(object.bytes).toString()
    },
    service: {
      operations: {
        GetBucketAcl: () => ({}),
        PutObject: async ({ Body, ...input }) => {
          const path = `${input.Bucket}/${input.Key}`
          const when = fake.fault?.(path)
          if (when === 'before') throw new AwsError('InternalError', 500, 'We encountered an internal error.')
          const chunks: Uint8Array[] = []
          for await (const chunk of Body ?? []) chunks.push(chunk)
          objects.set(path, { bytes: Buffer.concat(chunks), input })
          puts.set(path, (puts.get(path) ?? 0) + 1)
          if (when === 'after') throw new AwsError('InternalError', 500, 'We encountered an internal error.')
          return {}
        },
      },
      access: {
        GetBucketAcl: {
          category: 'management',
          readOnly: true,
          checks: ({ Bucket }) => {
            policyOf(Bucket)
            return [{ action: 's3:GetBucketAcl', resource: `arn:aws:s3:::${Bucket}` }]
          },
        },
        PutObject: {
          category: 'data',
          readOnly: false,
          checks: ({ Bucket, Key, ACL }) => {
            policyOf(Bucket)
            const context = ACL === undefined ? {} : { 's3:x-amz-acl': ACL }
            return [{ action: 's3:PutObject', resource: `arn:aws:s3:::${Bucket}/${Key}`, context }]
          },
          resources: ({ Bucket, Key }) => [
            { type: 'AWS::S3::Object', name: `arn:aws:s3:::${Bucket}/${Key}` },
            { type: 'AWS::S3::Bucket', name: `arn:aws:s3:::${Bucket}` },
          ],
        },
      },
      resourcePolicies: async ({ resource }) => {
        const text = policyOf(resource.slice('arn:aws:s3:::'.length).split('/')[0] ?? '')
        return text === '' ? [] : [{ name: 'bucket policy', policy: cachedPolicy(text, 'resource') }]
      },
    },
  }
  return fake
}

/** The bucket policy that the CloudTrail user guide shows, for one trail. */
export const trailBucketPolicy = (bucket: string, account: string, arn: string, prefix = ''): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSCloudTrailAclCheck20150319',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:GetBucketAcl',
        Resource: `arn:aws:s3:::${bucket}`,
        Condition: { StringEquals: { 'aws:SourceArn': arn } },
      },
      {
        Sid: 'AWSCloudTrailWrite20150319',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${bucket}/${prefix}AWSLogs/${account}/*`,
        Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': arn } },
      },
    ],
  })

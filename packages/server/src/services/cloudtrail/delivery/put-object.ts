import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import type { Call } from '#kernel/call.ts'
import { asTrail } from '#services/cloudtrail/destinations/acting-as.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'

const compress = promisify(gzip)

export interface TrailObject {
  readonly key: string
  readonly text: string
  /** User metadata, without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Encrypted under the trail's key, if it has one. */
  readonly underKey: boolean
}

/** Writes one object of a trail, compressed, as CloudTrail for that trail. @throws AwsError what S3 answers a stranger */
export async function putObject(call: Call, trail: Trail, object: TrailObject, signal: AbortSignal): Promise<void> {
  const body = await compress(object.text)
  await call(
    asTrail(trail),
    's3',
    'PutObject',
    {
      Bucket: trail.bucket,
      Key: object.key,
      Body: once(body),
      ContentLength: body.length,
      ContentType: 'application/json',
      ContentEncoding: 'gzip',
      ACL: 'bucket-owner-full-control',
      ...(object.metadata === undefined ? {} : { Metadata: object.metadata }),
      ...(object.underKey && trail.key !== undefined ? encryption(trail.arn, trail.key) : {}),
    },
    { signal },
  )
}

// What the key's policy can ask for, so that the key serves this trail alone.
const encryption = (arn: string, key: string) => ({
  ServerSideEncryption: 'aws:kms' as const,
  SSEKMSKeyId: key,
  SSEKMSEncryptionContext: Buffer.from(JSON.stringify({ 'aws:cloudtrail:arn': arn })).toString('base64'),
})

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

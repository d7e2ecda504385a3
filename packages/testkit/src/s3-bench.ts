import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, type GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach } from 'vitest'
import { pageTokens } from '../../server/src/kernel/page-token.ts'
import { keySealer } from '../../server/src/kernel/secrets.ts'
import { silentTelemetry } from '../../server/src/kernel/telemetry.ts'
import { type S3Deps, type S3Service, s3Service } from '../../server/src/services/s3/index.ts'
import { openDiskObjects } from '../../server/src/stores/objects/disk/index.ts'
import { openSqliteRecords } from '../../server/src/stores/records/sqlite/index.ts'
import { type GatewayBench, type GatewayBenchOptions, openGatewayBench } from './gateway-bench.ts'
import { type PortBench, openPortBench } from './port-bench.ts'
import { storedBytes } from './stored-bytes.ts'

/** Who signs; left out: root of the bench's account, which owns what it makes. */
export interface S3Key {
  readonly accessKeyId: string
  readonly secret: string
  readonly region?: string
}

/** S3 on real records and a real disk, behind the whole chain and an HTTP port. */
export interface S3Bench {
  readonly client: S3Client
  readonly service: S3Service
  readonly gateway: GatewayBench
  readonly port: PortBench
  readonly deps: S3Deps
  /** Where the files of large objects are. */
  readonly objects: string
  /** All that is kept of the content of objects. */
  storedBytes(): Promise<readonly Buffer[]>
  readonly url: string
  clientOf(key: S3Key): S3Client
  close(): Promise<void>
}

const ignore = (): void => {}
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const ROOT: S3Key = { accessKeyId: '111122223333', secret: 'test' }

export async function openS3Bench(options: Omit<GatewayBenchOptions, 's3'> = {}): Promise<S3Bench> {
  const directory = mkdtempSync(join(tmpdir(), 's3-bench-'))
  const objects = join(directory, 'objects')
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  const late: { gateway?: GatewayBench } = {}
  const clock = { now: () => late.gateway?.iam.clock.now() ?? Date.now() }
  const deps: S3Deps = {
    records,
    objects: await openDiskObjects({ directory: objects, records }),
    sealer: keySealer(randomBytes(32)),
    clock,
    tokens: pageTokens(randomBytes(32), clock),
    telemetry: silentTelemetry,
  }
  const service = s3Service(deps)
  const gateway = openGatewayBench({ ...options, s3: service })
  late.gateway = gateway
  const port = await openPortBench({
    handle: (request) => gateway.gateway.handle(request),
    bucketPages: service.cors,
  })
  const url = `http://127.0.0.1:${String(port.port)}`
  const clients: S3Client[] = []
  const clientOf = ({ accessKeyId, secret, region = 'us-east-1' }: S3Key): S3Client => {
    const made = new S3Client({
      endpoint: url,
      region,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey: secret },
      logger: SILENT,
    })
    clients.push(made)
    return made
  }
  return {
    client: clientOf(ROOT),
    service,
    gateway,
    port,
    deps,
    objects,
    storedBytes: () => storedBytes(objects, records),
    url,
    clientOf,
    async close() {
      for (const client of clients) client.destroy()
      await port.server.close(0)
      await gateway.close()
      await records.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** For a test file: a bench and its client, new for each test, with a bucket of its own. */
export function useS3(Bucket: string): { bench(): S3Bench; s3(): S3Client; readonly Bucket: string } {
  let bench: S3Bench | undefined
  beforeEach(async () => {
    bench = await openS3Bench()
    await bench.client.send(new CreateBucketCommand({ Bucket }))
  })
  afterEach(async () => {
    await bench?.close()
    bench = undefined
  })
  const open = (): S3Bench => {
    if (bench === undefined) throw new Error('the bench is open inside a test only')
    return bench
  }
  return { bench: open, s3: () => open().client, Bucket }
}

/** The bytes of an answer. */
export async function bytesOf({ Body }: { readonly Body?: GetObjectCommandOutput['Body'] }): Promise<Buffer> {
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

/** The text of an answer. */
export const textOf = async (answer: { readonly Body?: GetObjectCommandOutput['Body'] }): Promise<string> =>
  (await bytesOf(answer)).toString()

/** `code status` of what a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'nothing was refused'
  } catch (error) {
    const { name, $metadata } = error as {
      readonly name: string
      readonly $metadata?: { readonly httpStatusCode?: number }
    }
    return `${name} ${String($metadata?.httpStatusCode)}`
  }
}

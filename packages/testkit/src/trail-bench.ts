import type { Apis } from '@sluice/wire'
import type { OperationInput } from '../../server/src/kernel/call.ts'
import type { Courier } from '../../server/src/services/cloudtrail/delivery/courier.ts'
import { type FakeBuckets, fakeBuckets, trailBucketPolicy } from './fake-buckets.ts'
import {
  type GatewayBench,
  type GatewayBenchOptions,
  ROOT_KEY,
  type Signing,
  codeOf,
  messageIn,
  openGatewayBench,
} from './gateway-bench.ts'

type Answer = Readonly<Record<string, unknown>>

/** CloudTrail behind the whole chain, with a far end for its files, and a clock that stands still until it is moved. */
export interface TrailBench {
  readonly gateway: GatewayBench
  readonly buckets: FakeBuckets
  readonly account: string
  /** The answer of a signed call, as JSON on the wire; an error is thrown as `<code> <message>`. */
  call<O extends keyof Apis['cloudtrail']>(
    operation: O,
    input?: OperationInput<'cloudtrail', O>,
    signing?: Signing,
  ): Promise<Answer>
  /** `<code> <message>` of a call that has to fail. */
  refusal<O extends keyof Apis['cloudtrail']>(
    operation: O,
    input?: OperationInput<'cloudtrail', O>,
    signing?: Signing,
  ): Promise<string>
  /** A trail that may write to its bucket, logging; its ARN. */
  trail(name: string, more?: Partial<OperationInput<'cloudtrail', 'CreateTrail'>>, region?: string): Promise<string>
  /** Moves the clock, and has a round of deliveries. */
  later(minutes: number): Promise<void>
  /** A courier as of a new process. */
  courier(): Courier
  close(): Promise<void>
}

export const BUCKET = 'trail-bucket'
export const arnOf = (name: string, region = 'us-east-1'): string =>
  `arn:aws:cloudtrail:${region}:${String(ROOT_KEY.accessKeyId)}:trail/${name}`

export function openTrailBench(options: Omit<GatewayBenchOptions, 's3'> = {}): TrailBench {
  const buckets = fakeBuckets()
  const gateway = openGatewayBench({ ...options, s3: buckets.service })
  const account = String(ROOT_KEY.accessKeyId)
  const newCourier = (): Courier =>
    gateway.cloudtrail.courier({ call: gateway.gateway.call, telemetry: gateway.telemetry })
  const courier = newCourier()
  const call: TrailBench['call'] = async (operation, input, signing) => {
    const reply = await gateway.send('cloudtrail', operation, input as object | undefined, signing)
    if (reply.status !== 200) throw new Error(`${codeOf(reply)} ${messageIn(reply)}`)
    return JSON.parse(String(reply.body)) as Answer
  }
  return {
    gateway,
    buckets,
    account,
    call,
    async refusal(operation, input, signing) {
      const answer = await call(operation, input, signing).catch((error: unknown) => error)
      if (answer instanceof Error) return answer.message
      throw new Error(`${operation} succeeded`)
    },
    async trail(name, more = {}, region = 'us-east-1') {
      const arn = arnOf(name, region)
      const { S3BucketName: bucket = BUCKET, S3KeyPrefix: prefix } = more
      buckets.policies.set(bucket, trailBucketPolicy(bucket, account, arn, prefix === undefined ? '' : `${prefix}/`))
      await call('CreateTrail', { Name: name, S3BucketName: bucket, ...more }, { region })
      await call('StartLogging', { Name: name }, { region })
      return arn
    },
    async later(minutes) {
      gateway.iam.clock.at += minutes * 60_000
      await courier.run()
    },
    courier: newCourier,
    close: () => gateway.close(),
  }
}

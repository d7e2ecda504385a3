import { Readable } from 'node:stream'
import * as cloudtrail from '@aws-sdk/client-cloudtrail'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as ec2 from '@aws-sdk/client-ec2'
import * as es from '@aws-sdk/client-elasticsearch-service'
import * as events from '@aws-sdk/client-eventbridge'
import * as firehose from '@aws-sdk/client-firehose'
import * as iam from '@aws-sdk/client-iam'
import * as kafka from '@aws-sdk/client-kafka'
import * as kms from '@aws-sdk/client-kms'
import * as mq from '@aws-sdk/client-mq'
import * as opensearch from '@aws-sdk/client-opensearch'
import * as resourcegroupstaggingapi from '@aws-sdk/client-resource-groups-tagging-api'
import * as s3 from '@aws-sdk/client-s3'
import * as secretsmanager from '@aws-sdk/client-secrets-manager'
import * as sns from '@aws-sdk/client-sns'
import * as sts from '@aws-sdk/client-sts'
import { AwsQueryProtocol } from '@aws-sdk/core/protocols'
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor'
import { CATALOG } from '../types/catalog.ts'
import type { Protocol, Reply, RequestHead, ServiceId } from '../request.ts'

export const ACCESS_KEY_ID = 'AKIAFUZZ'
export const SECRET = 'fuzz/secret+key'
export const SESSION_TOKEN = 'fuzz//token=='

/** What an SDK client hands to its HTTP handler. */
interface ClientRequest {
  readonly method: string
  readonly hostname: string
  readonly path: string
  readonly query: Readonly<Record<string, string | string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}
type Handle = (head: RequestHead, body: Uint8Array) => Promise<Reply>
type Command = new (input: object) => object
interface Client {
  send(command: object): Promise<Record<string, unknown>>
  destroy(): void
}
interface Made {
  readonly module: object
  readonly client: string
  readonly config?: object
}

const MODULES: Readonly<Record<ServiceId, Made>> = {
  logs: { module: logs, client: 'CloudWatchLogsClient' },
  mq: { module: mq, client: 'MqClient' },
  kafka: { module: kafka, client: 'KafkaClient' },
  cloudtrail: { module: cloudtrail, client: 'CloudTrailClient' },
  // Small metric requests are compressed from 10 KiB on; here always, to see that they are read.
  cloudwatch: { module: cloudwatch, client: 'CloudWatchClient', config: { requestMinCompressionSizeBytes: 0 } },
  iam: { module: iam, client: 'IAMClient' },
  sts: { module: sts, client: 'STSClient' },
  kms: { module: kms, client: 'KMSClient' },
  s3: {
    module: s3,
    client: 'S3Client',
    config: {
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    },
  },
  firehose: { module: firehose, client: 'FirehoseClient' },
  sns: { module: sns, client: 'SNSClient' },
  events: { module: events, client: 'EventBridgeClient' },
  opensearch: { module: opensearch, client: 'OpenSearchClient' },
  es: { module: es, client: 'ElasticsearchServiceClient' },
  resourcegroupstaggingapi: { module: resourcegroupstaggingapi, client: 'ResourceGroupsTaggingAPIClient' },
  secretsmanager: { module: secretsmanager, client: 'SecretsManagerClient' },
  ec2: { module: ec2, client: 'EC2Client' },
}

/** What makes a client speak another protocol than its own. */
const OTHER_PROTOCOLS: Readonly<Partial<Record<Protocol, object>>> = {
  'aws-query': { protocol: AwsQueryProtocol },
  'rpc-v2-cbor': { protocol: SmithyRpcV2CborProtocol },
}

/** The official JS client of a service, with its network replaced by `handle`. */
export interface FuzzClient {
  readonly operations: readonly string[]
  send(operation: string, input: object, handle: Handle): Promise<Record<string, unknown>>
  destroy(): void
}

export function fuzzClient(service: ServiceId, protocol: Protocol): FuzzClient {
  const { module, client: name, config } = MODULES[service]
  const exported = module as Readonly<Record<string, unknown>>
  let current: Handle | undefined
  const requestHandler = {
    handle: async (request: ClientRequest) => {
      if (current === undefined) throw new Error('the client sent a request on its own')
      const { status, headers, body } = await current(headOf(request), bodyOf(request))
      return { response: { statusCode: status, headers, body: answerOf(body) } }
    },
    destroy: () => {},
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  }
  const credentials = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET, sessionToken: SESSION_TOKEN }
  const make = exported[name] as new (config: object) => Client
  const client = new make({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    maxAttempts: 1,
    credentials,
    requestHandler,
    ...config,
    ...(CATALOG[service].protocols.length > 1 ? OTHER_PROTOCOLS[protocol] : {}),
  })
  return {
    operations: Object.keys(exported).flatMap((key) =>
      key.endsWith('Command') && key !== '$Command' ? [key.slice(0, -'Command'.length)] : [],
    ),
    send(operation, input, handle) {
      current = handle
      return client.send(new (exported[`${operation}Command`] as Command)(input))
    },
    destroy: () => client.destroy(),
  }
}

const bodyOf = ({ body }: ClientRequest): Uint8Array =>
  typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array())

const answerOf = (body: Reply['body']): Readable =>
  typeof body === 'string' || body instanceof Uint8Array ? Readable.from([Buffer.from(body)]) : Readable.from(body)

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** As the SDK's own HTTP handler puts a request on the line. */
function headOf({ method, path, query, headers }: ClientRequest): RequestHead {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) =>
      item === null ? encode(name) : `${encode(name)}=${encode(item)}`,
    ),
  )
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return { method, rawUrl: pairs.length === 0 ? path : `${path}?${pairs.join('&')}`, headers: lower }
}

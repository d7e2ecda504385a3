import * as cloudtrail from '@aws-sdk/client-cloudtrail'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as iam from '@aws-sdk/client-iam'
import * as mq from '@aws-sdk/client-mq'
import * as sts from '@aws-sdk/client-sts'
import type { Reply, RequestHead, ServiceId } from '../request.ts'

export const ACCESS_KEY_ID = 'AKIAFUZZ'
export const SECRET = 'fuzz/secret+key'
export const SESSION_TOKEN = 'fuzz//token=='

/** What an SDK client hands to its HTTP handler. */
interface ClientRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string | string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}
type Handle = (head: RequestHead, body: Uint8Array) => Reply
type Command = new (input: object) => object
interface Client {
  send(command: object): Promise<Record<string, unknown>>
  destroy(): void
}

const MODULES: Readonly<Record<ServiceId, { readonly module: object; readonly client: string }>> = {
  logs: { module: logs, client: 'CloudWatchLogsClient' },
  mq: { module: mq, client: 'MqClient' },
  cloudtrail: { module: cloudtrail, client: 'CloudTrailClient' },
  iam: { module: iam, client: 'IAMClient' },
  sts: { module: sts, client: 'STSClient' },
}

/** The official JS client of a service, with its network replaced by `handle`. */
export interface FuzzClient {
  readonly operations: readonly string[]
  send(operation: string, input: object, handle: Handle): Promise<Record<string, unknown>>
  destroy(): void
}

export function fuzzClient(service: ServiceId): FuzzClient {
  const { module, client: name } = MODULES[service]
  const exported = module as Readonly<Record<string, unknown>>
  let current: Handle | undefined
  const requestHandler = {
    handle: (request: ClientRequest) => {
      if (current === undefined) throw new Error('the client sent a request on its own')
      const { status, headers, body } = current(headOf(request), bodyOf(request))
      return Promise.resolve({
        response: { statusCode: status, headers, body: typeof body === 'string' ? Buffer.from(body) : body },
      })
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

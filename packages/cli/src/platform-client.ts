import { signRequest } from '@sluice/wire'

/** Where the platform answers and as whom we call. */
export interface ClientOptions {
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secret: string
}

/** What the platform refused, in its own words. */
export class PlatformError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** Target prefixes of the JSON services that the command line calls. */
const TARGETS = {
  logs: { target: 'Logs_20140328', version: '1.1', signedAs: 'logs' },
  cloudtrail: { target: 'CloudTrail_20131101', version: '1.1', signedAs: 'cloudtrail' },
  cloudwatch: { target: 'GraniteServiceVersion20100801', version: '1.0', signedAs: 'monitoring' },
} as const

/** A small signed client for the platform's AWS APIs: enough for the command line, without an SDK. */
export interface PlatformClient {
  /** An operation of a JSON service, with members as on the wire. */
  json<T>(service: keyof typeof TARGETS, operation: string, input: object): Promise<T>
  /** A path of Amazon MQ, or of the platform itself (`/_sluice/…`). */
  rest<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T>
}

export function platformClient(options: ClientOptions): PlatformClient {
  const { endpoint, ...signing } = options
  const send = async <T>(
    service: string,
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<T> => {
    const url = new URL(path, endpoint).href
    const signed = signRequest({ ...signing, method, url, headers, body, service })
    const response = await fetch(url, { method, headers: signed, ...(body === '' ? {} : { body }) }).catch(
      (error: unknown) => {
        throw new Error(`no platform answers at ${endpoint}; start one with: sluice start`, { cause: error })
      },
    )
    const answer = parsed(await response.text())
    if (!response.ok) throw refusal(response, answer ?? {})
    if (answer === undefined) throw new Error(`what answers at ${endpoint} is no platform: its answer is not JSON`)
    return answer as T
  }
  return {
    json: (service, operation, input) => {
      const { target, version, signedAs } = TARGETS[service]
      const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${operation}` }
      return send(signedAs, 'POST', '/', headers, JSON.stringify(input))
    },
    rest: (method, path, body) =>
      send(
        'mq',
        method,
        path,
        body === undefined ? {} : { 'content-type': 'application/json' },
        body === undefined ? '' : JSON.stringify(body),
      ),
  }
}

/** An answer's JSON; `undefined` when it is none, as from a proxy. */
function parsed(text: string): object | undefined {
  try {
    const answer: unknown = text === '' ? {} : JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? answer : undefined
  } catch {
    return undefined
  }
}

function refusal(response: Response, answer: object): PlatformError {
  const member = (name: string): string | undefined => {
    const value = (answer as Readonly<Record<string, unknown>>)[name]
    return typeof value === 'string' ? value : undefined
  }
  const code = response.headers.get('x-amzn-errortype') ?? member('__type') ?? `HTTP ${String(response.status)}`
  return new PlatformError(code, response.status, member('message') ?? member('Message') ?? response.statusText)
}

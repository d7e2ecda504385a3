import { type EventMessage, EventStreamDecoder, signRequest } from '@sluice/wire'

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

/** One event of a stream. */
export interface StreamedEvent {
  readonly type: string
  readonly payload: object
}

/** A small signed client for the platform's AWS APIs: enough for the command line, without an SDK. */
export interface PlatformClient {
  /** An operation of a JSON service, with members as on the wire. */
  json<T>(service: keyof typeof TARGETS, operation: string, input: object): Promise<T>
  /** A path of Amazon MQ, or of the platform itself (`/_sluice/…`). */
  rest<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T>
}

/** A client that also reads answers that do not end at once. */
export interface StreamingClient extends PlatformClient {
  /**
   * An operation whose answer is a stream of events, from the first one to the end of the stream.
   * @throws PlatformError (also in the midst of the stream) what the platform refused, or ended the stream with
   */
  stream(
    service: keyof typeof TARGETS,
    operation: string,
    input: object,
    signal: AbortSignal,
  ): AsyncIterable<StreamedEvent>
}

export function platformClient(options: ClientOptions): StreamingClient {
  const { endpoint, ...signing } = options
  const open = async ({ service, method, path, headers, body }: Call, signal?: AbortSignal): Promise<Response> => {
    const url = new URL(path, endpoint).href
    const signed = signRequest({ ...signing, method, url, headers, body, service })
    const content = body === '' ? {} : { body }
    const response = await fetch(url, { method, headers: signed, ...content, signal: signal ?? null }).catch(
      (error: unknown) => {
        signal?.throwIfAborted()
        throw new Error(`no platform answers at ${endpoint}; start one with: sluice start`, { cause: error })
      },
    )
    if (!response.ok) throw refusal(response, parsed(await response.text()) ?? {})
    return response
  }
  const send = async <T>(call: Call): Promise<T> => {
    const answer = parsed(await (await open(call)).text())
    if (answer === undefined) throw new Error(`what answers at ${endpoint} is no platform: its answer is not JSON`)
    return answer as T
  }
  return {
    json: (service, operation, input) => send(jsonCall(service, operation, input)),
    async *stream(service, operation, input, signal) {
      const { body } = await open(jsonCall(service, operation, input), signal)
      if (body !== null) yield* eventsOf(body, signal)
    },
    rest: (method, path, body) =>
      send({
        service: 'mq',
        method,
        path,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? '' : JSON.stringify(body),
      }),
  }
}

interface Call {
  readonly service: string
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

function jsonCall(service: keyof typeof TARGETS, operation: string, input: object): Call {
  const { target, version, signedAs } = TARGETS[service]
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${operation}` }
  return { service: signedAs, method: 'POST', path: '/', headers, body: JSON.stringify(input) }
}

async function* eventsOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<StreamedEvent, void> {
  const decoder = new EventStreamDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        signal.throwIfAborted()
        throw new Error('the connection to the platform broke off', { cause: error })
      })
      if (done) break
      for (const message of decoder.push(value)) yield eventOf(message)
    }
    decoder.finish()
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** @throws PlatformError for a message that says why the stream ends */
function eventOf({ headers, payload }: EventMessage): StreamedEvent {
  const header = (name: string): string => String(headers.get(name)?.value ?? '')
  const content = parsed(Buffer.from(payload).toString('utf8')) ?? {}
  if (header(':message-type') === 'event') return { type: header(':event-type'), payload: content }
  const { message = header(':error-message') } = content as { readonly message?: string }
  throw new PlatformError(header(':exception-type') || header(':error-code'), 200, message)
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

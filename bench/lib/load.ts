import { Agent, request } from 'node:http'
import { signRequest } from '@sluice/wire'

/** A request to repeat; signed anew each time, for both sides alike. */
export interface LoadRequest {
  readonly service: string
  readonly headers: Readonly<Record<string, string>>
  /** The body of the n-th request. */
  readonly body: (n: number) => string | Uint8Array
  /** Gets every answer. */
  readonly heard?: (answer: string) => void
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds from writing to the whole answer, one a request. */
  readonly latencies: readonly number[]
  /** Requests finished in each whole second. */
  readonly perSecond: readonly number[]
}

export interface LoadOptions {
  readonly connections: number
  /** Ends after so many seconds or requests, whichever comes first. */
  readonly seconds: number
  readonly requests?: number
  /** Connections to use and to leave open; left out: new ones, for this run alone. */
  readonly agent?: Agent
}

/** Closed loop: every connection sends its next request when the last one was answered. A refusal ends the run with its text. */
export async function load(url: string, what: LoadRequest, options: LoadOptions): Promise<LoadResult> {
  const agent = options.agent ?? new Agent({ keepAlive: true, maxSockets: options.connections })
  const latencies: number[] = []
  const perSecond: number[] = []
  const started = performance.now()
  const until = started + options.seconds * 1_000
  let sent = 0
  const worker = async (): Promise<void> => {
    while (performance.now() < until && sent < (options.requests ?? Number.POSITIVE_INFINITY)) {
      const body = what.body(sent)
      sent += 1
      const headers = signRequest({
        method: 'POST',
        url: `${url}/`,
        headers: what.headers,
        body,
        service: what.service,
        region: 'us-east-1',
        accessKeyId: 'test',
        secret: 'test',
      })
      const from = performance.now()
      const answer = await send(agent, url, headers, body)
      const now = performance.now()
      latencies.push(now - from)
      const second = Math.floor((now - started) / 1_000)
      perSecond[second] = (perSecond[second] ?? 0) + 1
      what.heard?.(answer.toString('utf8'))
    }
  }
  await Promise.all(Array.from({ length: options.connections }, worker))
  if (options.agent === undefined) agent.destroy()
  return {
    requests: latencies.length,
    seconds: (performance.now() - started) / 1_000,
    latencies,
    perSecond: Array.from(perSecond, (value) => value ?? 0),
  }
}

const send = (agent: Agent, url: string, headers: Record<string, string>, body: string | Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const message = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(Buffer.concat(chunks))
          : reject(
              new Error(`${String(response.statusCode)}: ${Buffer.concat(chunks).toString('utf8').slice(0, 500)}`),
            ),
      )
    })
    message.on('error', reject)
    message.end(body)
  })

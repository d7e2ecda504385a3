import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'

export interface ConsoleOptions {
  /** As DescribeBroker returns it, e.g. `https://127.1.2.3:8162`. */
  readonly consoleUrl: string
  readonly username: string
  readonly password: string
  /** The certificate of the platform's authority. */
  readonly caPem: string
}

/** A person at ActiveMQ's web console, as far as its forms go. Each call rejects with what the console answered instead. */
export interface ConsoleClient {
  /** A page under `/admin/`, e.g. `queues.jsp`; resolves with its HTML. */
  page(path: string): Promise<string>
  createQueue(name: string): Promise<void>
  purgeQueue(name: string): Promise<void>
  deleteQueue(name: string): Promise<void>
  sendMessage(queue: string, text: string): Promise<void>
}

/** The console answered with another status than it does when all is well. */
export class ConsoleError extends Error {
  readonly status: number

  constructor(status: number, what: string) {
    super(`the web console answered ${String(status)} to ${what}`)
    this.name = 'ConsoleError'
    this.status = status
  }
}

interface Answer {
  readonly status: number
  readonly cookie: string | undefined
  readonly body: string
}

const TIMEOUT_MILLIS = 30_000
const SECRET = /name="secret" value="([^"]+)"/

/**
 * Acts through the console's own forms, the way a browser does: log in, open a page, send the form with the secret that
 * this page carried. Each page view makes the secrets of earlier ones worthless, so calls run one after the other.
 */
export function activemqConsole({ consoleUrl, username, password, caPem }: ConsoleOptions): ConsoleClient {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
  let session: string | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const ask = async (method: 'GET' | 'POST', path: string, form?: URLSearchParams): Promise<Answer> => {
    const answer = await exchange(new URL(`/admin/${path}`, consoleUrl), {
      method,
      authorization,
      session,
      form,
      caPem,
    })
    session = answer.cookie ?? session
    return answer
  }
  const page = async (path: string): Promise<string> => {
    const { status, body } = await ask('GET', path)
    if (status !== 200) throw new ConsoleError(status, path)
    return body
  }
  const act = async (
    method: 'GET' | 'POST',
    from: string,
    action: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const secret = SECRET.exec(await page(from))?.[1]
    if (secret === undefined) throw new Error(`the page ${from} of the web console holds no form`)
    const form = new URLSearchParams({ ...fields, secret })
    const { status } = await (method === 'POST'
      ? ask('POST', action, form)
      : ask('GET', `${action}?${form.toString()}`))
    // What was done sends the browser on to another page.
    if (status !== 302) throw new ConsoleError(status, action)
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }
  const onQueue = (method: 'GET' | 'POST', action: string, name: string): Promise<void> =>
    inTurn(() => act(method, 'queues.jsp', action, { JMSDestination: name, JMSDestinationType: 'queue' }))

  return {
    page: (path) => inTurn(() => page(path)),
    // A form creates a queue; the page has links to purge and delete it.
    createQueue: (name) => onQueue('POST', 'createDestination.action', name),
    purgeQueue: (name) => onQueue('GET', 'purgeDestination.action', name),
    deleteQueue: (name) => onQueue('GET', 'deleteDestination.action', name),
    sendMessage: (queue, text) =>
      inTurn(() =>
        act('POST', 'send.jsp', 'sendMessage.action', {
          JMSDestination: queue,
          JMSDestinationType: 'queue',
          JMSPersistent: 'true',
          JMSMessageCount: '1',
          JMSText: text,
        }),
      ),
  }
}

interface Exchange {
  readonly method: string
  readonly authorization: string
  readonly session: string | undefined
  readonly form: URLSearchParams | undefined
  readonly caPem: string
}

function exchange(url: URL, { method, authorization, session, form, caPem }: Exchange): Promise<Answer> {
  const headers = {
    authorization,
    ...(session === undefined ? {} : { cookie: session }),
    ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }),
  }
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, ca: caPem, agent: false, timeout: TIMEOUT_MILLIS }, (response) => {
      collect(response).then(resolve, reject)
    })
    asked.on('timeout', () =>
      asked.destroy(new Error(`the web console at ${url.origin} did not answer within 30 seconds`)),
    )
    asked.on('error', reject)
    asked.end(form?.toString())
  })
}

async function collect(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return {
    status: response.statusCode ?? 0,
    cookie: response.headers['set-cookie']?.[0]?.split(';', 1)[0],
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

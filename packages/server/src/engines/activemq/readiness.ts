import { request } from 'node:https'
import type { LogFollower } from '#engines/activemq/log-follower.ts'
import { consolePortAt } from '#engines/activemq/ports.ts'
import type { PlatformUser } from '#engines/activemq/run-secrets.ts'
import type { Address } from '#supervisor/addresses.ts'
import type { SupervisedProcess } from '#supervisor/runtime.ts'
import { EndedEarly, waitUntil } from '#supervisor/wait-until.ts'

export interface ReadinessInput {
  readonly process: SupervisedProcess
  /** Follows the general log from before the launch. */
  readonly log: LogFollower
  readonly address: Address
  /** What the console's certificate must be signed by. */
  readonly caPem: string
  readonly platformUser: PlatformUser
  /** Another instance may hold the message store: then this one is ready as its standby, which opens no ports. */
  readonly mayStandBy: boolean
  readonly signal: AbortSignal
}

/** Fine enough not to show in the time that a broker takes to start. */
const EVERY_MILLIS = 40
const TIMEOUT_MILLIS = 5 * 60 * 1_000
const ANSWER_MILLIS = 10_000

/** A small file of the console. */
const CONSOLE_FILE = '/admin/styles/site.css'

const STARTED = / \| Apache ActiveMQ \S+ \(.+\) started \| /
const FAILED = / \| ERROR \| (Failed to start Apache ActiveMQ .*)\n?(.*)/
const CONSOLE_FAILED = / \| WARN {2}\| Failed startup of context [^\n]*\n(.*)/
const STORE_IN_USE = /in slave mode waiting a lock/

/**
 * Resolves when all listeners and the console answer, or when a standby waits for its turn. The connectors are known from the log, because a connection only
 * to try them would leave a warning in the customer's log; the console is asked for a page.
 * @throws Error when the process ends, its broker cannot start, time is up, or the signal aborts
 */
export async function whenReady(input: ReadinessInput): Promise<void> {
  const options = { everyMillis: EVERY_MILLIS, timeoutMillis: TIMEOUT_MILLIS, signal: input.signal }
  let reading: Promise<unknown> = Promise.resolve()
  const probe = (): ReturnType<typeof brokerStarted> => {
    const read = brokerStarted(input)
    reading = read
    return read
  }
  const { after } = await waitUntil(input.process, probe, { ...options, what: 'start its broker' }).catch(
    async (error: unknown) => {
      // The log says better why it ended, and may not have been read that far.
      if (error instanceof EndedEarly) await reading.then(probe)
      throw error
    },
  )
  if (after === undefined) return
  await waitUntil(input.process, (signal) => consoleAnswers(input, signal), {
    ...options,
    what: 'answer at its console',
  })
  checkConsole(after + (await input.log.next()))
}

/** What was logged after the start; without it, the instance stands by. */
async function brokerStarted({
  log,
  mayStandBy,
}: ReadinessInput): Promise<{ readonly after: string | undefined } | undefined> {
  const text = await log.next()
  const started = STARTED.exec(text)
  if (started !== null) return { after: text.slice(started.index) }
  if (STORE_IN_USE.test(text) && mayStandBy) return { after: undefined }
  if (STORE_IN_USE.test(text))
    throw new Error('the message store of this broker is in use by another process; end that one first')
  const [, failure, exception = ''] = FAILED.exec(text) ?? []
  if (failure !== undefined) throw new Error(`the broker could not start: ${exception === '' ? failure : exception}`)
  return undefined
}

/** Jetty listens even when an application of it could not start; it says so before it listens. */
function checkConsole(text: string): void {
  const [, failure] = CONSOLE_FAILED.exec(text) ?? []
  if (failure !== undefined) throw new Error(`the web console could not start: ${failure}`)
}

function consoleAnswers(
  { address, caPem, platformUser }: ReadinessInput,
  signal: AbortSignal,
): Promise<object | undefined> {
  return new Promise((resolve, reject) => {
    const { username, password } = platformUser
    const asked = request(
      {
        host: address.advertised,
        port: consolePortAt(address),
        path: CONSOLE_FILE,
        auth: `${username}:${password}`,
        ca: caPem,
        agent: false,
        timeout: ANSWER_MILLIS,
        signal,
      },
      (response) => {
        response.resume()
        if (response.statusCode === 200) resolve({})
        else reject(new Error(`the web console answered ${String(response.statusCode)} instead of its page`))
      },
    )
    asked.on('timeout', () => asked.destroy(new Error('timeout')))
    // Nobody listens yet, or the server is still busy coming up: asked again.
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('ERR_TLS') === true || error.code?.includes('CERT') === true) reject(error)
      else resolve(undefined)
    })
    asked.end()
  })
}

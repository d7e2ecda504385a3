import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { CHILD_FILES, isChildMessage } from './child-contract.ts'
import { endLeftover, readOwner } from './leftover.ts'

const CHILD_MAIN = fileURLToPath(new URL('./child.ts', import.meta.url))
/** Queries occupy threads of libuv's pool: one for each session and some for files. */
const THREAD_POOL_SIZE = '12'
const END_LEFTOVER_MILLIS = 10_000
const STOP_MILLIS = 4_000
const MIN_BACKOFF_MILLIS = 1_000
const MAX_BACKOFF_MILLIS = 15_000

export interface SupervisedChildOptions {
  readonly directory: string
  readonly socketPath: string
  readonly telemetry: Telemetry
  /** Looks at a child that answers before anybody else may ask it; one that it rejects is ended. */
  readonly inspect: () => Promise<void>
}

/** Starts the column store's child, starts it again when it dies, and ends it. Never adopts one. */
export class SupervisedChild {
  readonly #options: SupervisedChildOptions
  #child: ChildProcess | undefined
  #running = false
  #closed = false
  #backoffMillis = MIN_BACKOFF_MILLIS
  #restart: NodeJS.Timeout | undefined
  #lastError: string | undefined
  #killReason: string | undefined
  #waiters: (() => void)[] = []

  private constructor(options: SupervisedChildOptions) {
    this.#options = options
  }

  /** @throws Error when the engine cannot open the directory */
  static async start(options: SupervisedChildOptions): Promise<SupervisedChild> {
    const supervised = new SupervisedChild(options)
    await supervised.#endLeftover()
    await supervised.#launch()
    return supervised
  }

  get running(): boolean {
    return this.#running
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get lastError(): string | undefined {
    return this.#lastError
  }

  /** Resolves once a child answers, or rejects with the signal's reason. */
  async whenRunning(signal: AbortSignal): Promise<void> {
    while (!this.#running) {
      signal.throwIfAborted()
      if (this.#closed) throw new Error('the column store was closed')
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => {
          this.#waiters = this.#waiters.filter((waiter) => waiter !== wake)
          reject(signal.reason as Error)
        }
        const wake = (): void => {
          signal.removeEventListener('abort', abort)
          resolve()
        }
        signal.addEventListener('abort', abort, { once: true })
        this.#waiters.push(wake)
      })
    }
  }

  /** Ends a child that no longer answers; the next one is started as after any death. */
  kill(reason: string): void {
    this.#killReason = reason
    this.#child?.kill('SIGKILL')
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#restart)
    this.#wake()
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => void child.once('exit', resolve))
    const lastResort = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS)
    if (child.connected) child.send({ kind: 'stop' }, () => {})
    else child.kill('SIGKILL')
    await ended
    clearTimeout(lastResort)
  }

  async #endLeftover(): Promise<void> {
    const leftover = readOwner(join(this.#options.directory, CHILD_FILES.owner))
    if (leftover === undefined) return
    if (await endLeftover(leftover, END_LEFTOVER_MILLIS)) {
      this.#options.telemetry.log.warn({
        event: 'column_store_leftover_ended',
        pid: leftover.pid,
        message: 'ended the column store process that an earlier run left behind',
      })
    }
  }

  #launch(): Promise<void> {
    const { directory, socketPath } = this.#options
    const child = fork(CHILD_MAIN, [directory, socketPath], {
      cwd: directory,
      execPath: process.execPath,
      execArgv: [],
      // Of the environment only what the engine needs: nothing of ours shows in its process listing.
      env: { PATH: process.env['PATH'], TZ: 'UTC', UV_THREADPOOL_SIZE: THREAD_POOL_SIZE, ...compileCache() },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Its own process group: Ctrl-C in a terminal is for us, and we stop the child in order.
      detached: true,
    })
    this.#child = child
    return new Promise((resolve, reject) => {
      let failure: string | undefined
      let isOver = false
      const over = (how: string): void => {
        if (isOver) return
        isOver = true
        const reason = this.#killReason ?? failure ?? how
        this.#killReason = undefined
        const wasStarted = this.#running || this.#restart !== undefined
        this.#running = false
        reject(new Error(`the column store in ${directory} could not be opened: ${reason}`))
        if (wasStarted && !this.#closed) this.#scheduleRestart(reason)
      }
      const inspected = (): void => {
        if (isOver) return
        this.#becameReady()
        resolve()
      }
      const refused = (error: unknown): void => {
        if (isOver) return
        this.#killReason = `it could not be asked what it holds: ${messageOf(error)}`
        child.kill('SIGKILL')
      }
      child.on('message', (message) => {
        if (!isChildMessage(message)) return
        if (message.kind === 'failed') failure = message.reason
        else this.#options.inspect().then(inspected, refused)
      })
      // A process that could not be made at all never exits.
      child.once('error', (error) => over(error.message))
      child.once('exit', (code, signal) => over(`it ended with ${signal ?? `exit code ${String(code)}`}`))
    })
  }

  #becameReady(): void {
    this.#running = true
    this.#backoffMillis = MIN_BACKOFF_MILLIS
    this.#options.telemetry.meter.set('column_store_running', 1)
    this.#wake()
  }

  #scheduleRestart(reason: string): void {
    const { telemetry } = this.#options
    this.#lastError = `the column store stopped: ${reason}; it is started again`
    telemetry.log.warn({
      event: 'column_store_stopped',
      reason,
      restartInMillis: this.#backoffMillis,
      message: 'the column store stopped and is started again',
    })
    telemetry.meter.set('column_store_running', 0)
    telemetry.meter.add('column_store_restarts_total', 1)
    this.#restart = setTimeout(() => void this.#launch().catch(() => {}), this.#backoffMillis)
    this.#backoffMillis = Math.min(this.#backoffMillis * 2, MAX_BACKOFF_MILLIS)
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }
}

/** With the cache of the platform the child need not load what turns TypeScript into JavaScript, which stays resident. */
function compileCache(): { readonly NODE_COMPILE_CACHE?: string } {
  const { NODE_COMPILE_CACHE } = process.env
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
}

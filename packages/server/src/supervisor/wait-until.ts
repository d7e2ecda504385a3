import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessExit, SupervisedProcess } from '#supervisor/runtime.ts'

export interface WaitOptions {
  readonly everyMillis: number
  readonly timeoutMillis: number
  readonly signal: AbortSignal
  /** What is waited for, as the end of "did not … in time". */
  readonly what: string
}

/** A process ended before it was ready. */
export class EndedEarly extends Error {
  readonly exit: ProcessExit

  constructor(exit: ProcessExit) {
    const how = exit.signal === null ? `with code ${String(exit.code)}` : `by ${exit.signal}`
    super(`the process ended ${how} before it was ready${exit.lastOutput === '' ? '' : `: ${exit.lastOutput}`}`)
    this.name = 'EndedEarly'
    this.exit = exit
  }
}

/**
 * Asks `probe` until it answers something, and returns that.
 * @throws EndedEarly when the process ends, the signal's reason when it aborts, Error when time is up
 */
export async function waitUntil<T extends object>(
  supervised: SupervisedProcess,
  probe: (signal: AbortSignal) => Promise<T | undefined>,
  { everyMillis, timeoutMillis, signal, what }: WaitOptions,
): Promise<T> {
  const stop = new AbortController()
  const deadline = AbortSignal.timeout(timeoutMillis)
  const halt = AbortSignal.any([signal, stop.signal, deadline])
  const ended = supervised.exited.then((exit) => Promise.reject(new EndedEarly(exit)))
  try {
    return await Promise.race([ended, ask(probe, everyMillis, halt)])
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (deadline.aborted)
      throw new Error(`the process did not ${what} within ${String(Math.round(timeoutMillis / 1_000))} seconds`, {
        cause: error,
      })
    throw error
  } finally {
    stop.abort()
  }
}

async function ask<T extends object>(
  probe: (signal: AbortSignal) => Promise<T | undefined>,
  everyMillis: number,
  halt: AbortSignal,
): Promise<T> {
  for (;;) {
    halt.throwIfAborted()
    const answer = await probe(halt)
    if (answer !== undefined) return answer
    await sleep(everyMillis, undefined, { signal: halt })
  }
}

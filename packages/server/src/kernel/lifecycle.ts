import { messageOf } from '#kernel/errors.ts'
import type { Log } from '#kernel/telemetry.ts'

/** What was started, to be stopped in the opposite order. */
export class Lifecycle {
  readonly #stops: { readonly name: string; readonly stop: () => Promise<void> | void }[] = []
  readonly #log: Log
  #closing: Promise<void> | undefined

  constructor(log: Log) {
    this.#log = log
  }

  /** Notes how to stop what was just started. */
  onStop(name: string, stop: () => Promise<void> | void): void {
    this.#stops.push({ name, stop })
  }

  /** Stops everything, last started first; one that fails is logged and does not keep the others running. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const { name, stop } of this.#stops.toReversed()) {
      try {
        await stop()
      } catch (error) {
        this.#log.error({ event: 'stop_failed', part: name, message: messageOf(error) })
      }
    }
  }
}

/** Calls `work` every `millis` until stopped; a failing run is logged and the next one comes all the same. Runs never overlap. */
export function every(millis: number, name: string, log: Log, work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = work()
      .catch((error: unknown) => log.error({ event: 'periodic_work_failed', work: name, message: messageOf(error) }))
      .finally(() => {
        busy = false
      })
  }, millis)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}

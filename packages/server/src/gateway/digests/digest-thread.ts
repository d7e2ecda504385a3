import { Worker } from 'node:worker_threads'
import type { BodyDigests, ComputedDigests, DigestName } from '@sluice/wire'
import { type FromThread, MOST_AHEAD_BYTES, type ToThread } from '#gateway/digests/messages.ts'

const MAIN = new URL('./thread-main.ts', import.meta.url)
/** It holds next to nothing itself; the bytes of bodies are not counted here. */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 }

/** What a thread's answers are for. */
interface OpenBody {
  taken(bytes: number): void
  digested(digests: ComputedDigests): void
  failed(reason: Error): void
}

/** A thread that digests bodies, any number of them by turns. */
export class DigestThread {
  readonly #worker: Worker
  readonly #open = new Map<number, OpenBody>()
  #lastBody = 0

  /** @param ended is called once, when it has ended or failed; what is open then fails */
  constructor(ended: (reason: Error) => void, main: URL = MAIN) {
    this.#worker = new Worker(main, { name: 'digests', resourceLimits: HEAP_LIMITS })
    // Whoever sends a body keeps the platform alive; this does not.
    this.#worker.unref()
    const end = (reason: Error): void => {
      this.#worker.removeAllListeners('exit')
      for (const body of this.#open.values()) body.failed(reason)
      ended(reason)
    }
    this.#worker.on('message', (message: FromThread) => this.#hear(message))
    this.#worker.once('error', end)
    this.#worker.once('exit', () => end(new Error('the thread that digests bodies has ended')))
  }

  /** How many bodies it digests. */
  get bodies(): number {
    return this.#open.size
  }

  open(names: readonly DigestName[]): BodyDigests {
    const body = (this.#lastBody += 1)
    const result = Promise.withResolvers<ComputedDigests>()
    // It may fail long before it is asked for.
    result.promise.catch(() => {})
    let ahead = 0
    let failure: Error | undefined
    let caughtUp: PromiseWithResolvers<void> | undefined
    this.#open.set(body, {
      taken(bytes) {
        ahead -= bytes
        if (ahead < MOST_AHEAD_BYTES) caughtUp?.resolve()
      },
      digested: result.resolve,
      failed(reason) {
        failure = reason
        caughtUp?.reject(reason)
        result.reject(reason)
      },
    })
    this.#tell({ body, kind: 'open', names })
    return {
      take: (parts, spare) => {
        if (failure !== undefined) return Promise.reject(failure)
        if (parts.length === 0) return undefined
        ahead += parts.reduce((sum, { byteLength }) => sum + byteLength, 0)
        const given = owned(parts, spare)
        this.#tell({ body, kind: 'take', parts: given }, memoryOf(given))
        if (ahead < MOST_AHEAD_BYTES) return undefined
        caughtUp = Promise.withResolvers()
        return caughtUp.promise
      },
      end: () => {
        this.#tell({ body, kind: 'end' })
        return result.promise
      },
      drop: () => {
        if (this.#open.delete(body)) this.#tell({ body, kind: 'drop' })
      },
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }

  #hear(message: FromThread): void {
    const body = this.#open.get(message.body)
    if (message.kind === 'taken') body?.taken(message.bytes)
    else {
      this.#open.delete(message.body)
      body?.digested(new Map(message.digests.map(([name, bytes]) => [name, Buffer.from(bytes)])))
    }
  }

  #tell(message: ToThread, moved: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, [...moved])
  }
}

/** Parts whose memory can go to the thread: as they are when nobody needs it any more, and copies otherwise. */
const owned = (parts: readonly Uint8Array[], spare: Uint8Array | undefined): readonly Uint8Array[] =>
  spare !== undefined && spare.byteLength === spare.buffer.byteLength
    ? parts
    : parts.map((part) => Uint8Array.from(part))

const memoryOf = (parts: readonly Uint8Array[]): readonly ArrayBuffer[] => [
  ...new Set(parts.map(({ buffer }) => buffer as ArrayBuffer)),
]

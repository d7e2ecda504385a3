import { messageOf } from '#kernel/errors.ts'
import type { Log } from '#kernel/telemetry.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

type Hear = (key: RecordKey) => void

/** Who wants to hear of which collection. One listener's failure is logged and reaches neither the others nor the committer. */
export class RecordWatchers {
  readonly #byCollection = new Map<string, Set<{ readonly hear: Hear }>>()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  watch(collection: string, hear: Hear): () => void {
    const listeners = this.#byCollection.get(collection) ?? new Set()
    this.#byCollection.set(collection, listeners)
    // An entry of its own, so that the same function may watch twice and stop once.
    const entry = { hear }
    listeners.add(entry)
    return () => {
      listeners.delete(entry)
      if (listeners.size === 0 && this.#byCollection.get(collection) === listeners)
        this.#byCollection.delete(collection)
    }
  }

  tell(key: RecordKey): void {
    for (const { hear } of [...(this.#byCollection.get(key.collection) ?? [])]) {
      try {
        hear(key)
      } catch (error) {
        this.#log.error({ event: 'record_listener_failed', collection: key.collection, reason: messageOf(error) })
      }
    }
  }

  clear(): void {
    this.#byCollection.clear()
  }
}

interface Entry<V> {
  value?: V
}

/**
 * Remembers what was read from records until somebody says that it changed. A value that changed while it was being
 * read is handed out once and not kept, so a later reader never sees what a finished commit has replaced.
 */
export class WatchedCache<V extends object> {
  readonly #capacity: number
  readonly #entries = new Map<string, Entry<V>>()

  /** @param capacity entries held; the oldest go first */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** The value when it is held; never waits. */
  held(key: string): V | undefined {
    return this.#entries.get(key)?.value
  }

  /** The value, read with `load` when it is not held. What does not exist is not remembered. */
  async get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const held = this.held(key)
    if (held !== undefined) return held
    const entry: Entry<V> = {}
    this.#keep(key, entry)
    try {
      const value = await load()
      if (value !== undefined) entry.value = value
      return value
    } finally {
      if (entry.value === undefined && this.#entries.get(key) === entry) this.#entries.delete(key)
    }
  }

  /** Must be called when what `key` stands for has changed. */
  forget(key: string): void {
    this.#entries.delete(key)
  }

  #keep(key: string, entry: Entry<V>): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#capacity) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    this.#entries.set(key, entry)
  }
}

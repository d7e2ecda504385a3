import { type FSWatcher, watch } from 'node:fs'

export interface WatchPace {
  /** How long to wait for a report of the operating system before looking by oneself. */
  readonly pollMillis: number
  /** The same while there are no reports to be had. */
  readonly unwatchedPollMillis: number
}

/** Changes found by looking, one after the other without a report between, after which reports are not counted on. */
const MISSES_OF_A_BROKEN_WATCH = 2

/** Hears of changes to the files of one prefix in a directory, as far as the operating system reports them. */
export class DirectoryWatch {
  readonly #directory: string
  readonly #prefix: string
  readonly #pace: WatchPace
  #watcher: FSWatcher | undefined
  #heard = false
  #misses = 0
  #wake: (() => void) | undefined

  constructor(directory: string, prefix: string, pace: WatchPace) {
    this.#directory = directory
    this.#prefix = `${prefix}-`
    this.#pace = pace
  }

  /** Begins to watch; answers true when it did not watch before, so that changes until now were not heard. */
  arm(): boolean {
    if (this.#watcher !== undefined) return false
    try {
      const watcher = watch(this.#directory, { persistent: false }, (_change, name) => {
        if (name !== null && !name.startsWith(this.#prefix)) return
        this.#misses = 0
        this.notice()
      })
      watcher.on('error', () => {
        this.disarm()
      })
      this.#watcher = watcher
    } catch {
      // No such directory yet, or no watches to be had: looking goes on at the shorter pace.
      return false
    }
    return true
  }

  disarm(): void {
    this.#watcher?.close()
    this.#watcher = undefined
  }

  /** Forgets what was heard; called before the files are looked at. */
  reset(): void {
    this.#heard = false
  }

  /** Ends the present wait, or the next one at once. */
  notice(): void {
    this.#heard = true
    this.#wake?.()
  }

  /** A change was found that was not reported: the directory may be another one by now, or reports do not work here. */
  missed(): void {
    this.#misses += 1
    this.disarm()
  }

  /** Resolves with true when a change was reported since the last reset, with false when it is time to look or `signal` aborts. */
  wait(signal: AbortSignal): Promise<boolean> {
    if (this.#heard || signal.aborted) return Promise.resolve(this.#heard)
    const trusted = this.#watcher !== undefined && this.#misses < MISSES_OF_A_BROKEN_WATCH
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.#wake = undefined
        resolve(this.#heard)
      }
      const timer = setTimeout(end, trusted ? this.#pace.pollMillis : this.#pace.unwatchedPollMillis)
      signal.addEventListener('abort', end)
      this.#wake = end
    })
  }
}

import type { Session } from 'chdb'

/** More requests than this waiting for one lane are refused rather than held. */
const MAX_WAITING = 512

interface Waiter {
  readonly take: (session: Session) => void
}

/** Sessions that run one statement each at a time; who finds none free waits in order. */
export class SessionPool {
  readonly #free: Session[]
  readonly #size: number
  readonly #waiting: Waiter[] = []

  constructor(sessions: readonly Session[]) {
    this.#free = [...sessions]
    this.#size = sessions.length
  }

  /** True while a statement runs. */
  get busy(): boolean {
    return this.#free.length < this.#size
  }

  /**
   * Runs `work` with a session of its own.
   * @throws the signal's reason when it aborts before a session was free
   */
  async run<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    const session = this.#free.pop() ?? (await this.#wait(signal))
    try {
      return await work(session)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(session)
      else next.take(session)
    }
  }

  #wait(signal: AbortSignal): Promise<Session> {
    if (this.#waiting.length >= MAX_WAITING) throw new Error('too many statements are waiting for the column store')
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(signal.reason as Error)
      }
      const waiter: Waiter = {
        take: (session) => {
          signal.removeEventListener('abort', leave)
          resolve(session)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(waiter)
    })
  }
}

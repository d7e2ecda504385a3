import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks until the answer is right, for at most `seconds`.
 * @throws Error with the last answer, so that a failing test says what was there instead
 */
export async function eventually<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + seconds * 1_000
  for (;;) {
    let answer: T | undefined
    let failure: unknown
    try {
      answer = await ask()
      if (right(answer)) return answer
    } catch (error) {
      failure = error
    }
    if (Date.now() > deadline) {
      const last = failure === undefined ? JSON.stringify(answer) : String(failure)
      throw new Error(`${what}: not within ${String(seconds)} s; last: ${last.slice(0, 4_000)}`, { cause: failure })
    }
    await sleep(100)
  }
}

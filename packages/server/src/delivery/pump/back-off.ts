export interface BackOff {
  readonly firstMillis: number
  readonly maxMillis: number
}

/**
 * How long to pause after the `failures`-th failure in a row (from 1): doubling up to the most, and each time a random
 * part of the upper half, so that deliveries that failed together do not come back together.
 */
export function backOffMillis(
  failures: number,
  { firstMillis, maxMillis }: BackOff,
  random: () => number = Math.random,
): number {
  const whole = Math.min(maxMillis, firstMillis * 2 ** Math.min(failures - 1, 30))
  return whole / 2 + (whole / 2) * random()
}

/** Resolves after so many milliseconds, or at once when the signal aborts. Never rejects. */
export function pause(millis: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || millis <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, millis)
    signal.addEventListener('abort', end)
  })
}

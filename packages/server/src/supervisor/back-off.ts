export interface BackOffOptions {
  readonly firstMillis: number
  readonly maxMillis: number
  /** How much longer each wait is than the last. */
  readonly factor?: number
  /** 0 to 1; tests give their own. */
  readonly random?: () => number
}

/** How long to wait before the next try: longer each time up to a bound, and never two in step. */
export interface BackOff {
  /** Milliseconds until the next try, between half and the whole of the current step. */
  next(): number
  /** Call it after a success. */
  reset(): void
}

export function backOff({ firstMillis, maxMillis, factor = 2, random = Math.random }: BackOffOptions): BackOff {
  let step = firstMillis
  return {
    next() {
      const wait = step * (0.5 + random() / 2)
      step = Math.min(maxMillis, step * factor)
      return Math.round(wait)
    },
    reset() {
      step = firstMillis
    },
  }
}

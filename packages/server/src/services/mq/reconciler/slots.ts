/** At most so many pieces of work at once; the others wait in order. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>
}

/** `size` places, all free. */
export function slots(size: number): Slots {
  let free = size
  const waiting: (() => void)[] = []

  const enter = async (): Promise<void> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  // A slot is handed over, not freed and raced for.
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }

  return {
    async run(work) {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}

/** Work on the same key happens one after the other, in the order of arrival; different keys do not wait for each other. */
export interface OneByOne {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** The key of work that must not meet other such work in the same account and region. */
export const regionOf = ({ account, region }: { readonly account: string; readonly region: string }): string =>
  `${account}/${region}`

/** Queues in memory, one a key; a key that nobody waits for costs nothing. */
export function oneByOne(): OneByOne {
  const last = new Map<string, Promise<unknown>>()
  return {
    async run(key, work) {
      const before = last.get(key)
      const mine = (async () => {
        await before
        return work()
      })()
      const settled = mine.catch(() => undefined)
      last.set(key, settled)
      try {
        return await mine
      } finally {
        if (last.get(key) === settled) last.delete(key)
      }
    },
  }
}

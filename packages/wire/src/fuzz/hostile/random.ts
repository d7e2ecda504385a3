/** A source of chance that gives the same row of picks for the same seed. */
export interface Random {
  /** A whole number from 0 to `below` - 1; 0 when `below` is not positive. */
  int(below: number): number
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T
  /** True once in `times`. */
  once(times: number): boolean
}

/** Mulberry32: 32 bits of state, far quicker than the mutations it chooses. */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number): number => (below <= 0 ? 0 : Math.floor(next() * below))
  return {
    int,
    pick<T>(items: readonly T[]): T {
      return items[int(items.length)] as T
    },
    once: (times) => int(times) === 0,
  }
}

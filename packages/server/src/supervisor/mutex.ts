/** Runs tasks with the same key one after the other, in the order of their calls; a failed task does not stop the next. */
export type KeyedMutex = <T>(key: string, task: () => Promise<T>) => Promise<T>

/** A mutex with no task yet; it keeps nothing of keys that nobody waits for. */
export function keyedMutex(): KeyedMutex {
  const tails = new Map<string, Promise<unknown>>()
  return (key, task) => {
    const run = (tails.get(key) ?? Promise.resolve()).then(task)
    const tail = run
      .catch(() => {})
      .then(() => {
        if (tails.get(key) === tail) tails.delete(key)
      })
    tails.set(key, tail)
    return run
  }
}

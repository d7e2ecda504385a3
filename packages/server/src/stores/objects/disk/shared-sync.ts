type Sync = (path: string) => Promise<void>

/**
 * One sync for all who wait for it: who asks while one is under way, which may have begun too early for them, shares the
 * next one.
 */
export function sharedSync(sync: Sync): Sync {
  const current = new Map<string, Promise<void>>()
  const next = new Map<string, Promise<void>>()
  const begin = (path: string): Promise<void> => {
    const running = sync(path).finally(() => current.delete(path))
    current.set(path, running)
    return running
  }
  const following = async (path: string, before: Promise<void>): Promise<void> => {
    // Whether that one failed is for those to hear who wait for it.
    await before.catch(() => {})
    next.delete(path)
    return begin(path)
  }
  return (path) => {
    const before = current.get(path)
    if (before === undefined) return begin(path)
    const waiting = next.get(path) ?? following(path, before)
    next.set(path, waiting)
    return waiting
  }
}

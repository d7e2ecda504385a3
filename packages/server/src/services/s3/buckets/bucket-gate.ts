/** Lets changes of a bucket's content go on side by side, and its deletion come between them alone. */
export interface BucketGate {
  /** Runs beside others. */
  shared<T>(bucketId: string, work: () => Promise<T>): Promise<T>
  /** Waits for those that run, keeps new ones waiting, and runs alone. */
  alone<T>(bucketId: string, work: () => Promise<T>): Promise<T>
}

interface Door {
  inside: Set<Promise<unknown>>
  closed: Promise<unknown> | undefined
}

export function bucketGate(): BucketGate {
  const doors = new Map<string, Door>()
  const doorOf = (id: string): Door => {
    const known = doors.get(id)
    if (known !== undefined) return known
    const made: Door = { inside: new Set(), closed: undefined }
    doors.set(id, made)
    return made
  }
  const tidy = (id: string, door: Door): void => {
    if (door.inside.size === 0 && door.closed === undefined) doors.delete(id)
  }
  return {
    async shared(id, work) {
      for (let door = doorOf(id); door.closed !== undefined; door = doorOf(id)) await door.closed
      const door = doorOf(id)
      const running = work()
      const settled = running.then(
        () => undefined,
        () => undefined,
      )
      door.inside.add(settled)
      try {
        return await running
      } finally {
        door.inside.delete(settled)
        tidy(id, door)
      }
    },
    async alone(id, work) {
      for (let door = doorOf(id); door.closed !== undefined; door = doorOf(id)) await door.closed
      const door = doorOf(id)
      const running = (async () => {
        await Promise.all(door.inside)
        return work()
      })()
      door.closed = running.then(
        () => undefined,
        () => undefined,
      )
      try {
        return await running
      } finally {
        door.closed = undefined
        tidy(id, door)
      }
    },
  }
}

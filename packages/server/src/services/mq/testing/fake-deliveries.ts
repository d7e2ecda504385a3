import type { Deliveries, DeliverySpec, DeliveryStatus } from '#delivery/delivery.ts'
import type { World } from '#services/mq/testing/world.ts'

interface FakeDeliveries extends Deliveries {
  /** What runs, in order of start. */
  readonly specs: ReadonlyMap<string, DeliverySpec>
  /** What was stopped with so much time for the rest. */
  readonly drains: ReadonlyMap<string, number>
  /** Overrides what is answered about a delivery; while it waits, nothing is brought. */
  pretend(id: string, status: Partial<DeliveryStatus>): void
  /** The platform dies: nothing is brought any more. */
  kill(): void
}

/** For tests: brings the lines of a {@link World} at once, exactly once, and keeps the position there. */
export function fakeDeliveries(world: World): FakeDeliveries {
  const specs = new Map<string, DeliverySpec>()
  const drains = new Map<string, number>()
  const pretended = new Map<string, Partial<DeliveryStatus>>()
  let isDead = false

  const bring = ({ id, sink }: DeliverySpec): void => {
    if (sink.kind === 'discard' || pretended.get(id)?.state === 'waiting') return
    const written = world.files.get(id) ?? []
    const stream = `${sink.group} ${sink.stream}`
    world.delivered.set(stream, [
      ...(world.delivered.get(stream) ?? []),
      ...written.slice(world.positions.get(id) ?? 0),
    ])
    world.positions.set(id, written.length)
  }
  const unhear = world.onWrite(() => specs.forEach(bring))

  return {
    specs,
    drains,
    pretend: (id, status) => void pretended.set(id, status),
    kill() {
      isDead = true
      unhear()
      specs.clear()
    },
    start(spec) {
      if (isDead || specs.has(spec.id)) return
      specs.set(spec.id, spec)
      bring(spec)
    },
    async stop(id, { drainMillis } = {}) {
      if (drainMillis !== undefined) drains.set(id, drainMillis)
      specs.delete(id)
    },
    async skip(id) {
      if (specs.has(id)) throw new Error('a delivery that runs must not be skipped')
      world.positions.set(id, world.files.get(id)?.length ?? 0)
    },
    status(id) {
      if (!specs.has(id)) return undefined
      const status = {
        id,
        state: 'delivering',
        since: 0,
        deliveredEvents: 0,
        rejectedEvents: 0,
        lagBytes: 0,
        lostBytes: 0,
      } as const
      return { ...status, ...pretended.get(id) }
    },
    async close() {
      unhear()
    },
  }
}

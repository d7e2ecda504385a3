import type { BrokerReading, DestinationReading } from '#engines/broker-engine.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import { type Counted, destinationKey, increases, monitored } from '#services/mq/metrics/metric-points.ts'

/** Topics in which a broker tells of itself; every client that comes or goes is a message of theirs. */
const ADVISORIES = 'ActiveMQ.Advisory.'

/** What is told of a destination, and the counter it is from. */
const FLOWS = {
  enqueued: 'EnqueueCount',
  dispatched: 'DispatchCount',
  dequeued: 'DequeueCount',
  expired: 'ExpiredCount',
} as const

/**
 * What went through each destination between two readings, one line of JSON each; destinations where nothing moved are
 * left out. Counts and sizes only: a message itself is never read.
 */
export function flowEvents(
  reading: BrokerReading,
  before: Counted,
  { from, to }: { readonly from: EpochMillis; readonly to: EpochMillis },
): readonly string[] {
  return monitored(reading.destinations)
    .filter(({ kind, name }) => kind === 'Queue' || !name.startsWith(ADVISORIES))
    .flatMap((destination) => {
      const moved = increases(destination.counters, before, destinationKey(destination))
      const flows = Object.entries(FLOWS).map(([name, counter]) => [name, moved[counter] ?? 0] as const)
      if (flows.every(([, count]) => count === 0)) return []
      return [
        JSON.stringify({
          destination: `${destination.kind.toLowerCase()}://${destination.name}`,
          ...Object.fromEntries(flows),
          ...stateOf(destination),
          from: new Date(from).toISOString(),
          to: new Date(to).toISOString(),
        }),
      ]
    })
}

/** How it stands at the end; totals let a reader see what went by while nobody read. */
function stateOf({ gauges, counters, messageBytes }: DestinationReading): object {
  return {
    waiting: gauges['QueueSize'],
    enqueuedSinceStart: counters['EnqueueCount'],
    averageBytes: messageBytes?.average,
    greatestBytes: messageBytes?.greatest,
  }
}

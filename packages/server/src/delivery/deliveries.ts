import type { Call, Checkpoint } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { Deliveries, DeliverySpec, DeliveryStatus, LogFilesSource } from '#delivery/delivery.ts'
import { DELIVERY_LIMITS, type DeliveryLimits, STOPPED_STATUSES_KEPT } from '#delivery/limits.ts'
import { Lane } from '#delivery/lane.ts'
import { LagTotal } from '#delivery/pump/lag-total.ts'
import { Pump } from '#delivery/pump/pump.ts'
import { Slots } from '#delivery/pump/slots.ts'
import type { Runner } from '#delivery/runner.ts'
import { DiscardRunner } from '#delivery/sinks/discard/discard-runner.ts'
import { openSink } from '#delivery/sinks/index.ts'
import type { Source } from '#delivery/source.ts'
import { openSource } from '#delivery/sources/index.ts'

export interface DeliveriesDeps {
  readonly call: Call
  /** The committed checkpoint of a source, as the destination's store has it. */
  readonly checkpoint: (source: string) => Promise<Checkpoint | undefined>
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly limits?: Partial<DeliveryLimits>
}

/** Longest delivery id: it names the source in checkpoints. */
const MAX_ID_CHARS = 200

/** Opens the delivery of events from sources to sinks. Nothing runs before the first `start`; after `close` nothing starts. */
export function openDeliveries(deps: DeliveriesDeps): Deliveries {
  const limits = { ...DELIVERY_LIMITS, ...deps.limits }
  const { telemetry, clock, checkpoint } = deps
  const slots = new Slots(limits.batchesInMemory)
  const lag = new LagTotal(telemetry)
  const lanes = new Map<string, Lane>()
  let closed = false

  const sourceOf = (delivery: string, spec: DeliverySpec['source']): Source =>
    openSource(spec, { delivery, clock, telemetry, limits })

  const run = (spec: DeliverySpec, before: DeliveryStatus | undefined): Runner => {
    const source = sourceOf(spec.id, spec.source)
    if (spec.sink.kind === 'discard') return new DiscardRunner(spec.id, { source, clock, telemetry, limits }, before)
    return new Pump(
      spec.id,
      { source, sink: openSink(spec.sink, deps), checkpoint, clock, telemetry, limits, slots, lag },
      before,
    )
  }

  const skipSource = async (id: string, spec: LogFilesSource): Promise<void> => {
    const source = sourceOf(id, spec)
    try {
      const mark = await source.open(await checkpoint(id))
      await source.look()
      await source.skip(mark)
    } finally {
      await source.close()
    }
  }

  const laneOf = (id: string): Lane => {
    const lane = lanes.get(id) ?? new Lane(run)
    lanes.set(id, lane)
    return lane
  }

  return {
    start(spec) {
      if (closed) return
      if (spec.id.length > MAX_ID_CHARS)
        throw new RangeError(`a delivery's id has at most ${String(MAX_ID_CHARS)} characters, but ${spec.id} has more`)
      laneOf(spec.id).start(spec)
    },
    async stop(id, options = {}) {
      await lanes.get(id)?.stop(options)
      forgetOldest(lanes)
    },
    async skip(id, source) {
      await laneOf(id).aside(() => skipSource(id, source))
      forgetOldest(lanes)
    },
    status: (id): DeliveryStatus | undefined => lanes.get(id)?.status(),
    async close() {
      closed = true
      await Promise.all([...lanes.values()].map((lane) => lane.stop({})))
    },
  }
}

/** Drops what is known of deliveries that stopped long ago, so that brokers come and go without a trace in memory. */
function forgetOldest(lanes: Map<string, Lane>): void {
  const resting = [...lanes].filter(([, lane]) => lane.isResting)
  for (const [id] of resting.slice(0, Math.max(0, resting.length - STOPPED_STATUSES_KEPT))) lanes.delete(id)
}

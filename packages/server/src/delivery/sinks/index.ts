import type { DeliverySpec } from '#delivery/delivery.ts'
import type { Sink } from '#delivery/sink.ts'
import { type LogsSinkDeps, logsSink } from '#delivery/sinks/logs/logs-sink.ts'

/** Everything that delivers; `discard` does not, and so is no sink. */
type DeliveringSpec = Exclude<DeliverySpec['sink'], { readonly kind: 'discard' }>
type SinkSpecs = { readonly [Spec in DeliveringSpec as Spec['kind']]: Spec }
type SinkKind = keyof SinkSpecs
export type SinkDeps = LogsSinkDeps

/** Every kind of sink. */
const SINKS: { readonly [Kind in SinkKind]: (spec: SinkSpecs[Kind], deps: SinkDeps) => Sink } = {
  logs: logsSink,
}

export const openSink = <Kind extends SinkKind>(
  spec: SinkSpecs[Kind] & { readonly kind: Kind },
  deps: SinkDeps,
): Sink => SINKS[spec.kind](spec, deps)

import type { DeliverySpec } from '#delivery/delivery.ts'
import type { Source } from '#delivery/source.ts'
import { ApiEvents } from '#delivery/sources/api-events/source.ts'
import { LogFiles, type LogFilesDeps } from '#delivery/sources/log-files/source.ts'

type SourceSpecs = { readonly [Spec in DeliverySpec['source'] as Spec['kind']]: Spec }
type SourceKind = keyof SourceSpecs
export type SourceDeps = LogFilesDeps

/** Every kind of source. */
const SOURCES: { readonly [Kind in SourceKind]: (spec: SourceSpecs[Kind], deps: SourceDeps) => Source } = {
  'log-files': (spec, deps) => new LogFiles(spec, deps),
  'api-events': (spec) => new ApiEvents(spec),
}

export const openSource = <Kind extends SourceKind>(
  spec: SourceSpecs[Kind] & { readonly kind: Kind },
  deps: SourceDeps,
): Source => SOURCES[spec.kind](spec, deps)

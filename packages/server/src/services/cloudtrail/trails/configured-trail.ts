import { type TrailRef, trailRef } from '#services/cloudtrail/arns.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { noStore } from '#services/cloudtrail/event-data-stores.ts'
import type { TrailPlace } from '#services/cloudtrail/types.ts'

/**
 * The trail whose event configuration is meant.
 * @throws AwsError InvalidParameterCombinationException for both or neither of trail and event data store; what is said of
 * an event data store
 */
export function configuredTrail(
  {
    TrailName,
    EventDataStore,
  }: { readonly TrailName?: string | undefined; readonly EventDataStore?: string | undefined },
  place: TrailPlace,
): TrailRef {
  if ((TrailName === undefined) === (EventDataStore === undefined))
    throw cloudtrailErrors.combination('Specify either TrailName or EventDataStore.')
  return TrailName === undefined ? noStore(EventDataStore ?? '') : trailRef(TrailName, place)
}

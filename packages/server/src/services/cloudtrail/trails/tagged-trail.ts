import { trailRef } from '#services/cloudtrail/arns.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'
import type { Trails } from '#services/cloudtrail/trails/trails.ts'
import type { TrailPlace } from '#services/cloudtrail/types.ts'

/**
 * The trail whose tags are meant; trails are the only resources here that have some.
 * @throws AwsError CloudTrailARNInvalidException, ResourceTypeNotSupportedException, ResourceNotFoundException
 */
export async function taggedTrail(trails: Trails, arn: string, place: TrailPlace): Promise<Trail> {
  if (!arn.startsWith('arn:aws:cloudtrail:')) throw cloudtrailErrors.invalidArn(arn)
  if (/^arn:aws:cloudtrail:[^:]*:\d{12}:(?:eventdatastore|channel|dashboard)\//.test(arn))
    throw cloudtrailErrors.resourceType(arn)
  const trail = await trails.find(trailRef(arn, place), place)
  if (trail === undefined) throw cloudtrailErrors.resourceNotFound(arn)
  return trail
}

import { isAccountId, isRegion } from '#kernel/ids.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { checkTrailName } from '#services/cloudtrail/trails/trail-name.ts'
import type { TrailPlace } from '#services/cloudtrail/types.ts'

/** `arn:aws:cloudtrail:<home region>:<account>:trail/<name>` */
export const trailArn = ({ account, region }: TrailPlace, name: string): string =>
  `arn:aws:cloudtrail:${region}:${account}:trail/${name}`

/** A trail as a call names it: by its ARN, or by its name in the region of the call. */
export interface TrailRef extends TrailPlace {
  readonly name: string
  /** An ARN can mean the shadow of another region's trail, a name cannot. */
  readonly byArn: boolean
}

/** @throws AwsError InvalidTrailNameException, CloudTrailARNInvalidException */
export function trailRef(nameOrArn: string, place: TrailPlace): TrailRef {
  if (!nameOrArn.startsWith('arn:')) {
    checkTrailName(nameOrArn)
    return { account: place.account, region: place.region, name: nameOrArn, byArn: false }
  }
  const [, region = '', account = '', name = ''] =
    /^arn:aws:cloudtrail:([^:/]*):([^:/]*):trail\/([^/]*)$/.exec(nameOrArn) ?? []
  if (!isRegion(region) || !isAccountId(account)) throw cloudtrailErrors.invalidArn(nameOrArn)
  checkTrailName(name)
  return { account, region, name, byArn: true }
}

/** What the gate is asked about, for whatever was given: an ARN as it is, a name in the region of the call. */
export const askedArn = (nameOrArn: string, place: TrailPlace): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : trailArn(place, nameOrArn)

import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { TrailPlace } from '#services/cloudtrail/types.ts'

const ARN = /^arn:aws:cloudtrail:[a-z\d-]+:\d{12}:eventdatastore\/[\da-f-]+$/i
const ID_SUFFIX = /^[\w-]{3,}$/

/** What the gate is asked about: an event data store's ARN, or its id in the region of the call. */
export const storeArn = (idOrArn: string, { account, region }: TrailPlace): string =>
  idOrArn.startsWith('arn:') ? idOrArn : `arn:aws:cloudtrail:${region}:${account}:eventdatastore/${idOrArn}`

/**
 * What is said of any event data store: there are none, since CreateEventDataStore is not built.
 * @throws AwsError EventDataStoreARNInvalidException, EventDataStoreNotFoundException
 */
export function noStore(idOrArn: string): never {
  throw ARN.test(idOrArn) || ID_SUFFIX.test(idOrArn)
    ? cloudtrailErrors.storeNotFound(idOrArn)
    : cloudtrailErrors.storeArn(idOrArn)
}

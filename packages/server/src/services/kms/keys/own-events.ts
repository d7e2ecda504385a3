import type { EpochMillis } from '#kernel/ids.ts'
import { accountId, newUuid, region } from '#kernel/ids.ts'
import type { TellServiceEvent } from '#kernel/service-event.ts'
import { keyArn } from '#services/kms/arns.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

/** What KMS does by itself. @source AWS KMS developer guide, "Logging AWS KMS API calls with AWS CloudTrail" */
export type OwnEventName = 'RotateKey' | 'DeleteKey' | 'DeleteExpiredKeyMaterial'

interface OwnEvent {
  readonly name: OwnEventName
  readonly keyId: string
  readonly at: EpochMillis
  readonly rotationType?: 'AUTOMATIC' | 'ON_DEMAND'
}

/** Events that are to be told, by their ids. */
const OWN_EVENTS = 'kms.own-event'

/** Has an event told once the change is committed with which this is. */
export const toBeTold = (
  { place, keyId }: Pick<Key, 'place' | 'keyId'>,
  name: OwnEventName,
  at: EpochMillis,
  rotationType?: OwnEvent['rotationType'],
): RecordChange => {
  const value: OwnEvent = { name, keyId, at, ...(rotationType === undefined ? {} : { rotationType }) }
  const key = { collection: OWN_EVENTS, account: place.account, region: place.region, id: newUuid() }
  return { kind: 'put', key, value }
}

/** Tells what is to be told, so each event is on record though the platform ends in between: once, or again with the same id. */
export async function tellOwnEvents(records: RecordStore, tell: TellServiceEvent): Promise<void> {
  for (const { key, value } of await records.listAll<OwnEvent>(OWN_EVENTS)) {
    const place = { account: accountId(key.account), region: region(key.region) }
    const { name, keyId, at, rotationType } = value
    await tell({
      ...place,
      at,
      eventSource: 'kms.amazonaws.com',
      eventName: name,
      eventId: key.id,
      resources: [{ type: 'AWS::KMS::Key', name: keyArn(place, keyId) }],
      details: { ...(rotationType === undefined ? {} : { rotationType }), keyId },
    })
    await records.commit([{ kind: 'delete', key }])
  }
}

import { EVENT_VERSION } from '#audit/api-call.ts'
import { isoSeconds } from '#audit/user-identity.ts'
import type { ServiceEvent, TellServiceEvent } from '#kernel/service-event.ts'
import type { ApiEvent, ApiJournal } from '#stores/journals/api-journal.ts'

/** Who acts in a service event. @source CloudTrail user guide, "AWS service events" */
const INTERNAL = 'AWS Internal'

/** Writes service events into the journal of API events; they are always management events. */
export const tellServiceEvents =
  (journal: Pick<ApiJournal, 'append'>): TellServiceEvent =>
  (event) =>
    journal.append(apiEventOf(event))

function apiEventOf(event: ServiceEvent): ApiEvent {
  const { account, region, at, eventSource, eventName, eventId, resources, details } = event
  const record = {
    eventVersion: EVENT_VERSION,
    userIdentity: { accountId: account, invokedBy: INTERNAL },
    eventTime: isoSeconds(at),
    eventSource,
    eventName,
    awsRegion: region,
    sourceIPAddress: INTERNAL,
    userAgent: INTERNAL,
    requestParameters: null,
    responseElements: null,
    eventID: eventId,
    readOnly: false,
    resources: resources.map(({ type, name }) => ({ accountId: account, type, ARN: name })),
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: account,
    serviceEventDetails: details,
    eventCategory: 'Management',
  }
  return {
    account,
    region,
    eventTime: Math.floor(at / 1_000) * 1_000,
    eventId,
    eventName,
    readOnly: false,
    username: '',
    accessKeyId: '',
    eventSource,
    resources,
    record: JSON.stringify(record),
  }
}

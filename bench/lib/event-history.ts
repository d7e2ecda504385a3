import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { silentTelemetry } from '../../packages/server/src/kernel/telemetry.ts'
import { openApiJournal } from '../../packages/server/src/stores/journals/api-events/index.ts'
import type { ApiEvent, ApiJournal } from '../../packages/server/src/stores/journals/api-journal.ts'
import { openColumnStore } from '../../packages/server/src/stores/journals/column-store.ts'
import { Backlogged } from '../../packages/server/src/stores/journals/log-journal.ts'
import { openSqliteRecords } from '../../packages/server/src/stores/records/sqlite/index.ts'

const DAY_MILLIS = 24 * 60 * 60_000
/** Appended at once; they share a few group commits. */
const CHUNK = 2_000
const ACCOUNT = '000000000000'
/** How far back the history goes, in days. */
export const HISTORY_DAYS = 89
/** Half of the calls are one user's; the others share the rest. */
const OTHERS = 997
const BROKERS = 10_007
const CHANGES = ['CreateBroker', 'RebootBroker', 'UpdateBroker', 'CreateUser', 'CreateTags']
const READS = ['DescribeBroker', 'ListBrokers', 'DescribeUser', 'ListConfigurations', 'DescribeConfiguration']
/** The first events have values that none but the oldest have, each value two events. */
const RARE_EVENTS = 80

/** Values of two of the oldest events; there are {@link RARE_EVENTS} / 2 of them. */
export function rareAttributes(n: number) {
  const id = String(n % (RARE_EVENTS / 2)).padStart(2, '0')
  return {
    EventName: `RetiredOperation${id}`,
    Username: `leaver-${id}`,
    AccessKeyId: `AKIALEAVER00000000${id}`,
    EventSource: `retired-${id}.amazonaws.com`,
    ResourceType: `AWS::Retired::Type${id}`,
    ResourceName: `arn:aws:retired:us-east-1:000000000000:thing/${id}`,
  }
}

/** The n-th of the values that the corpus makes up, always the same. */
const digest = (n: number): string => createHash('md5').update(String(n)).digest('hex')

/** The id of the n-th event. */
export const eventIdOf = (n: number): string => digest(n).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** The attributes of the n-th event, as LookupEvents names them. */
export function attributesOf(n: number) {
  const dice = Number.parseInt(digest(n).slice(0, 8), 16)
  const readOnly = dice % 10 > 0
  const names = readOnly ? READS : CHANGES
  const user = (dice >>> 8) % (2 * OTHERS)
  const common = {
    EventName: names[dice % names.length] ?? 'DescribeBroker',
    Username: user < OTHERS ? 'terraform' : `user-${String(user - OTHERS)}`,
    AccessKeyId: `AKIA${String(user).padStart(16, '0')}`,
    EventSource: 'amazonmq.amazonaws.com',
    ResourceType: 'AWS::AmazonMQ::Broker',
    ResourceName: `arn:aws:mq:us-east-1:000000000000:broker:b-${String(dice % BROKERS)}`,
  }
  return { ...common, ...(n < RARE_EVENTS ? rareAttributes(n) : {}), ReadOnly: String(readOnly) }
}

/** The n-th of so many events, spread evenly over the days before `now`. */
function eventAt(n: number, count: number, now: number): ApiEvent {
  const age = HISTORY_DAYS * DAY_MILLIS * (1 - n / count)
  const eventTime = Math.floor((now - age) / 1_000) * 1_000
  const eventId = eventIdOf(n)
  const { EventName, Username, AccessKeyId, EventSource, ResourceType, ResourceName, ReadOnly } = attributesOf(n)
  const readOnly = ReadOnly === 'true'
  const record = {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: `AIDA${AccessKeyId.slice(4)}`,
      arn: `arn:aws:iam::${ACCOUNT}:user/${Username}`,
      accountId: ACCOUNT,
      accessKeyId: AccessKeyId,
      userName: Username,
    },
    eventTime: new Date(eventTime).toISOString().replace('.000', ''),
    eventSource: EventSource,
    eventName: EventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: `10.0.${String(n % 7)}.${String(n % 251)}`,
    userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 terraform-provider-aws/5.76.0 aws-sdk-go-v2/1.32.5 os/linux',
    requestParameters: { 'broker-id': ResourceName.slice(ResourceName.lastIndexOf(':') + 1) },
    responseElements: readOnly ? null : { brokerArn: ResourceName },
    requestID: eventIdOf(-n - 1),
    eventID: eventId,
    readOnly,
    resources: [{ accountId: ACCOUNT, type: ResourceType, ARN: ResourceName }],
    eventType: 'AwsApiCall',
    apiVersion: '2017-11-27',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_256_GCM_SHA384',
      clientProvidedHostHeader: 'mq.us-east-1.example.com',
    },
  }
  return {
    account: ACCOUNT,
    region: 'us-east-1',
    eventTime,
    eventId,
    eventName: EventName,
    readOnly,
    username: Username,
    accessKeyId: AccessKeyId,
    eventSource: EventSource,
    resources: [{ type: ResourceType, name: ResourceName }],
    record: JSON.stringify(record),
  }
}

/** Fills the event history of a data directory that no platform uses; `now` is when the last event was. */
export async function fillEventHistory(data: string, count: number, now: number): Promise<void> {
  const records = openSqliteRecords({ file: join(data, 'records.db') })
  const columns = await openColumnStore({ directory: join(data, 'clickhouse'), telemetry: silentTelemetry })
  const clock = { now: () => Date.now() }
  const options = { directory: join(data, 'journal', 'api'), records, columns, clock, telemetry: silentTelemetry }
  const journal = await openApiJournal(options)
  for (let n = 0; n < count; n += CHUNK) {
    const size = Math.min(CHUNK, count - n)
    await Promise.all(Array.from({ length: size }, (_, index) => patiently(journal, eventAt(n + index, count, now))))
  }
  await journal.close()
  await columns.close()
  await records.close()
}

async function patiently(journal: ApiJournal, event: ApiEvent): Promise<void> {
  for (;;) {
    try {
      return await journal.append(event)
    } catch (error) {
      if (!(error instanceof Backlogged)) throw error
      await sleep(100)
    }
  }
}

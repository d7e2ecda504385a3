import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { EpochMillis } from '#kernel/ids.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)
/** Most bytes that a payload of ours may have when it is unpacked again. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024

/** An event as subscribers get it. */
export interface SubscribedEvent {
  /** 56 digits, as FilterLogEvents answers it; empty in a control message. */
  readonly id: string
  readonly timestamp: EpochMillis
  readonly message: string
  /** Only of space-delimited patterns: name → text. */
  readonly extractedFields?: Readonly<Record<string, string>>
}

/** What is sent to a subscriber. @source CloudWatch Logs user guide, "Subscription filters" */
export interface SubscriptionPayload {
  readonly messageType: 'DATA_MESSAGE' | 'CONTROL_MESSAGE'
  /** The account of the log group. */
  readonly owner: string
  readonly logGroup: string
  readonly logStream: string
  readonly subscriptionFilters: readonly string[]
  /** Of one stream. */
  readonly logEvents: readonly SubscribedEvent[]
  /** Only of filters that hold for a whole account. */
  readonly policyLevel?: 'ACCOUNT_LEVEL_POLICY'
}

/** What comes before any event, to see whether the target can be reached. Subscribers pass it over. */
export function controlMessage(target: 'Kinesis' | 'Firehose', now: EpochMillis): SubscriptionPayload {
  const message = `CWL CONTROL MESSAGE: Checking health of destination ${target} stream.`
  return {
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [{ id: '', timestamp: now, message }],
  }
}

/** One JSON object, gzipped: the record that Kinesis and Firehose get. */
export const encodePayload = (payload: SubscriptionPayload): Promise<Buffer> => compress(JSON.stringify(payload))

/** @throws Error when the bytes are no payload */
export async function decodePayload(bytes: Uint8Array): Promise<SubscriptionPayload> {
  const text = await decompress(bytes, { maxOutputLength: MAX_UNPACKED_BYTES })
  return JSON.parse(text.toString()) as SubscriptionPayload
}

/** What a Lambda function is called with. */
export const lambdaEvent = (record: Buffer): { readonly awslogs: { readonly data: string } } => ({
  awslogs: { data: record.toString('base64') },
})

/** Bytes that everything but the events may take of a record. */
const ENVELOPE_BYTES = 4_096

/**
 * The events in parts whose records have at most `maxBytes` before they are packed; an event that is larger by itself is a
 * part of its own.
 */
export function payloadParts(
  events: readonly SubscribedEvent[],
  maxBytes: number,
): readonly (readonly SubscribedEvent[])[] {
  const parts: SubscribedEvent[][] = []
  let part: SubscribedEvent[] = []
  let bytes = ENVELOPE_BYTES
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1
    if (part.length > 0 && bytes + size > maxBytes) {
      parts.push(part)
      part = []
      bytes = ENVELOPE_BYTES
    }
    part.push(event)
    bytes += size
  }
  if (part.length > 0) parts.push(part)
  return parts
}

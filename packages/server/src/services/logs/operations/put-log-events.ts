import type { CallContext } from '#kernel/call.ts'
import { type LogGroup, retentionCutoff } from '#services/logs/catalog/log-group.ts'
import type { LogStream } from '#services/logs/catalog/streams.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { mayBeSealed } from '#services/logs/encryption/event-encryption.ts'
import { type CheckedBatch, checkBatch } from '#services/logs/events/batch.ts'
import { eventId } from '#services/logs/events/event-id.ts'
import { receivedEvents } from '#services/logs/events/received-events.ts'
import type { LogsHandler } from '#services/logs/types.ts'
import { type Appended, Backlogged, type LogBatch, type LogEvents } from '#stores/journals/log-journal.ts'

type Deps = Pick<
  LogsParts,
  | 'groups'
  | 'streams'
  | 'journal'
  | 'encryption'
  | 'telemetry'
  | 'observe'
  | 'audit'
  | 'liveTails'
  | 'forwarder'
  | 'incoming'
>

/**
 * Stores a batch whole or not at all, except events outside the window, which are left out and reported. A checkpoint
 * that came with the call is committed with the events, also when all of them were left out; a repeated one changes
 * nothing and is answered like the first time. `sequenceToken` is ignored, as on AWS.
 */
export const putLogEvents =
  ({
    groups,
    streams,
    journal,
    encryption,
    telemetry,
    observe,
    audit,
    liveTails,
    forwarder,
    incoming,
  }: Deps): LogsHandler<'PutLogEvents'> =>
  async ({ logGroupName, logStreamName, logEvents }, ctx) => {
    const events = receivedEvents(logEvents)
    const group = groups.held(ctx, logGroupName) ?? (await groups.require(ctx, logGroupName))
    const stream = streams.held(group, logStreamName) ?? (await streams.require(group, logStreamName))
    const checked = checkBatch(events, ctx.now, retentionCutoff(group, ctx.now))
    const { accepted, bytes, rejected } = checked
    const stored = mayBeSealed(group) ? await encryption.seal(group, stream.number, accepted) : accepted
    const appended = await append(journal, batchOf(group, stream, stored, ctx))
    if (appended !== undefined && !appended.repeated) {
      telemetry.meter.add('logs_incoming_events_total', accepted.length)
      telemetry.meter.add('logs_incoming_bytes_total', bytes)
      incoming?.add(group, accepted.length, bytes, ctx.now)
      liveTails.offer(group.number, {
        streamName: logStreamName,
        ingestionTime: appended.ingestionTime,
        events: accepted,
      })
      if (forwarder?.mayConcern(group) === true) await forwarder.take(group, stream, accepted, appended.firstSeq)
      const observing = observe(group, accepted)
      if (observing !== undefined) await observing
      const auditing = audit(group, accepted, ctx)
      if (auditing !== undefined) await auditing
    }
    if (rejected !== undefined) telemetry.meter.add('logs_rejected_events_total', events.length - accepted.length)
    return { nextSequenceToken: sequenceToken(checked, appended, ctx), rejectedLogEventsInfo: rejected }
  }

/** `undefined`: there is nothing to write. */
function batchOf(
  group: LogGroup,
  stream: LogStream,
  events: LogEvents,
  { checkpoint }: CallContext,
): LogBatch | undefined {
  const batch = { group: group.number, stream: stream.number, events }
  if (checkpoint !== undefined) return { ...batch, checkpoint }
  return events.length === 0 ? undefined : batch
}

async function append(journal: LogsParts['journal'], batch: LogBatch | undefined): Promise<Appended | undefined> {
  if (batch === undefined) return undefined
  try {
    return await journal.append(batch)
  } catch (error) {
    throw error instanceof Backlogged ? logsErrors.throttled() : error
  }
}

/** Nobody needs one any more, but every answer carries one: 56 digits, like the id of the batch's last event. */
function sequenceToken({ accepted }: CheckedBatch, appended: Appended | undefined, { now }: CallContext): string {
  const timestamp = accepted.length > 0 ? accepted.timestamp(accepted.length - 1) : now
  if (appended === undefined) return eventId({ timestamp, ingestionTime: now, seq: 0 })
  const seq = appended.firstSeq + Math.max(0, accepted.length - 1)
  return eventId({ timestamp, ingestionTime: appended.ingestionTime, seq })
}

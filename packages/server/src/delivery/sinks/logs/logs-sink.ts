import type { Call } from '#kernel/call.ts'
import type { OperationOutput } from '#kernel/call.ts'
import type { LogsSink } from '#delivery/delivery.ts'
import type { Outcome, Readiness } from '#delivery/outcome.ts'
import type { Sink } from '#delivery/sink.ts'
import { failureOf, groupMissing, isAlreadyThere, isNotFound } from '#delivery/sinks/logs/failure.ts'
import { LOGS_BATCH } from '#delivery/sinks/logs/limits.ts'

export interface LogsSinkDeps {
  readonly call: Call
}

/**
 * Writes to a CloudWatch Logs stream as the service principal or role of the spec, through the gate that every caller passes.
 * Calls are not aborted: one that was given up could still be committed after the next one.
 */
export function logsSink(spec: LogsSink, { call }: LogsSinkDeps): Sink {
  const target = { logGroupName: spec.group, logStreamName: spec.stream }

  const prepare = async (): Promise<Readiness> => {
    try {
      await call(spec.as, 'logs', 'CreateLogStream', target)
    } catch (error) {
      if (isNotFound(error)) return groupMissing(spec)
      if (!isAlreadyThere(error)) return { ...failureOf(error, 'CreateLogStream'), kind: 'retry' }
    }
    return { kind: 'ready' }
  }

  const put: Sink['deliver'] = async (events, checkpoint) => {
    const answer = await call(spec.as, 'logs', 'PutLogEvents', { ...target, logEvents: events }, { checkpoint })
    return { kind: 'delivered', rejectedEvents: rejectedEvents(events.length, answer.rejectedLogEventsInfo) }
  }

  const deliver: Sink['deliver'] = async (events, checkpoint, signal) => {
    try {
      return await put(events, checkpoint, signal)
    } catch (error) {
      if (!isNotFound(error)) return failureOf(error, 'PutLogEvents')
    }
    // Stream or group: creating the stream tells.
    const ready = await prepare()
    return ready.kind === 'ready' ? attempt(() => put(events, checkpoint, signal)) : ready
  }

  return { kind: spec.kind, batch: LOGS_BATCH, prepare, deliver }
}

async function attempt(put: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await put()
  } catch (error) {
    return failureOf(error, 'PutLogEvents')
  }
}

type RejectedInfo = OperationOutput<'logs', 'PutLogEvents'>['rejectedLogEventsInfo']

/** How many of so many events are outside the window: too old or expired at the beginning, too new at the end. */
function rejectedEvents(events: number, info: RejectedInfo): number {
  if (info === undefined) return 0
  const before = Math.max(info.tooOldLogEventEndIndex ?? 0, info.expiredLogEventEndIndex ?? 0)
  const from = info.tooNewLogEventStartIndex ?? events
  return Math.min(events, before + Math.max(0, events - from))
}

import type { EpochMillis } from '#kernel/ids.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { type IdentifiedEvent, MAX_SEQ, eventId, parseEventId } from '#services/logs/events/event-id.ts'

/** `forward`: events after the position; `backward`: events before it. */
export type Direction = 'forward' | 'backward'

/** A place between events, with the direction in which a page is read from it. */
export interface PagePosition {
  readonly direction: Direction
  readonly at: IdentifiedEvent
}

/** GetLogEvents' tokens: `f/<event id>/s` and `b/<event id>/s`. */
export const eventToken = (direction: Direction, at: IdentifiedEvent): string =>
  `${direction === 'forward' ? 'f' : 'b'}/${eventId(at)}/s`

/**
 * Tokens of the older form, without `/s`, are read as well.
 * @throws AwsError InvalidParameterException when it is no token of GetLogEvents
 */
export function readEventToken(token: string): PagePosition {
  const [, letter, id] = /^([fb])\/(\d+)(?:\/s)?$/.exec(token) ?? []
  const at = id === undefined ? undefined : parseEventId(id)
  if (at === undefined) throw logsErrors.invalidToken()
  return { direction: letter === 'f' ? 'forward' : 'backward', at }
}

/** Positions of a page that holds nothing: each way on from here still finds what the other way has passed. */
export function justBefore({ timestamp, ingestionTime, seq }: IdentifiedEvent): IdentifiedEvent {
  if (seq > 0) return { timestamp, ingestionTime, seq: seq - 1 }
  return { timestamp: Math.max(0, timestamp - 1), ingestionTime, seq: timestamp > 0 ? MAX_SEQ : 0 }
}

export const justAfter = ({ timestamp, ingestionTime, seq }: IdentifiedEvent): IdentifiedEvent =>
  seq < MAX_SEQ ? { timestamp, ingestionTime, seq: seq + 1 } : { timestamp: timestamp + 1, ingestionTime, seq: 0 }

/** The position before every event from `startTime` on. */
export const beforeAll = (startTime: EpochMillis): IdentifiedEvent =>
  justBefore({ timestamp: Math.max(0, startTime), ingestionTime: 0, seq: 0 })

import type { EpochMillis } from '#kernel/ids.ts'
import type { EventKey } from '#stores/journals/log-journal.ts'

/** Events of one request have consecutive seqs from a multiple of this; the rest of a seq counts requests. */
const INDEXES_PER_REQUEST = 2 ** 14
const MAX_REQUEST = Math.floor(Number.MAX_SAFE_INTEGER / INDEXES_PER_REQUEST)
const MASK_64 = (1n << 64n) - 1n
const MASK_16 = (1n << 16n) - 1n
/** Digits of a present-day id. */
const ID_DIGITS = 56

/** What an id is made of. */
export interface IdentifiedEvent extends EventKey {
  readonly ingestionTime: EpochMillis
}

/** Sorts after every event of its millisecond. */
export const MAX_SEQ: number = MAX_REQUEST * INDEXES_PER_REQUEST + (INDEXES_PER_REQUEST - 1)

/**
 * CloudWatch Logs' event id: `(timestamp << 144) | (ingestionTime << 80) | (request << 16) | index`, in decimal.
 * Ids sort as numbers, and as texts, in the order in which events are returned.
 */
export function eventId({ timestamp, ingestionTime, seq }: IdentifiedEvent): string {
  const request = Math.floor(seq / INDEXES_PER_REQUEST)
  const index = seq % INDEXES_PER_REQUEST
  const id = (BigInt(timestamp) << 144n) | (BigInt(ingestionTime) << 80n) | (BigInt(request) << 16n) | BigInt(index)
  return id.toString().padStart(ID_DIGITS, '0')
}

/** The parts of an id. `undefined`: the text is no event's id. */
export function parseEventId(text: string): IdentifiedEvent | undefined {
  if (!/^\d{1,70}$/.test(text)) return undefined
  const id = BigInt(text)
  const timestamp = Number(id >> 144n)
  const ingestionTime = Number((id >> 80n) & MASK_64)
  const request = Number((id >> 16n) & MASK_64)
  const index = Number(id & MASK_16)
  const valid =
    Number.isSafeInteger(timestamp) &&
    Number.isSafeInteger(ingestionTime) &&
    request <= MAX_REQUEST &&
    index < INDEXES_PER_REQUEST
  return valid ? { timestamp, ingestionTime, seq: request * INDEXES_PER_REQUEST + index } : undefined
}

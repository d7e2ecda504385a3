import type { EpochMillis } from '#kernel/ids.ts'

/** The attributes by which LookupEvents finds an API event. */
export interface ApiEventAttributes {
  readonly eventId: string
  readonly eventName: string
  readonly readOnly: boolean
  /** Empty when the caller has none. */
  readonly username: string
  readonly accessKeyId: string
  readonly eventSource: string
  readonly resources: readonly { readonly type: string; readonly name: string }[]
}

/** One API call as event history keeps it. */
export interface ApiEvent extends ApiEventAttributes {
  readonly account: string
  readonly region: string
  readonly eventTime: EpochMillis
  /** Set for data events: trails that select them are sent them, and event history does not have them. */
  readonly category?: 'Data'
  /** The whole record as JSON text, redacted. */
  readonly record: string
}

/** The position of an event: newest first means descending (eventTime, seq). */
export interface ApiEventKey {
  readonly eventTime: EpochMillis
  readonly seq: number
}

/** An event with the number the journal gave it. */
export type StoredApiEvent = ApiEvent & { readonly seq: number }

/** One attribute of LookupEvents, already translated. */
export type ApiEventFilter =
  | {
      readonly by:
        | 'eventId'
        | 'eventName'
        | 'username'
        | 'accessKeyId'
        | 'eventSource'
        | 'resourceName'
        | 'resourceType'
      readonly value: string
    }
  | { readonly by: 'readOnly'; readonly value: boolean }

export interface ApiEventQuery {
  readonly account: string
  readonly region: string
  /** Inclusive. */
  readonly from: EpochMillis
  /** Inclusive. */
  readonly to: EpochMillis
  readonly filter?: ApiEventFilter
  /** Only events before this one (exclusive) in key order; the way to the next page. */
  readonly before?: ApiEventKey
  readonly limit: number
  readonly signal: AbortSignal
}

/** Which events of an account come next, in all regions, whatever their category. */
export interface ApiTailQuery {
  readonly account: string
  /** Only events with a seq beyond it. */
  readonly after: number
  readonly limit: number
  readonly signal: AbortSignal
}

/** API events: who did what. */
export interface ApiJournal {
  /** Must be durable when it resolves. */
  append(event: ApiEvent): Promise<void>
  /** Takes the event into a group commit that begins within a moment; must not wait for it and must not throw. */
  enqueue(event: ApiEvent): void
  /** Management events, newest first; must yield every event of the query that was taken before exactly once, whether inserted yet or not. */
  query(query: ApiEventQuery): Promise<readonly StoredApiEvent[]>
  /**
   * By ascending seq; must wait until all that was taken before is durable, and yield every event exactly once to whoever
   * asks again from the last seq it got, over restarts too: no event may turn up behind a seq that was answered.
   */
  tail(query: ApiTailQuery): Promise<readonly StoredApiEvent[]>
  /** Every event taken so far has a seq below it, and every later one has not. */
  nextSeq(): number
  close(): Promise<void>
}

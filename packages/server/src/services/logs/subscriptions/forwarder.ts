import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { Groups } from '#services/logs/catalog/groups.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogStream } from '#services/logs/catalog/streams.ts'
import { eventId } from '#services/logs/events/event-id.ts'
import { DAY_MILLIS, MAX_PAYLOAD_BYTES, SCAN_CHUNK_BYTES, SCAN_CHUNK_EVENTS } from '#services/logs/limits.ts'
import { extractedValues } from '#services/logs/patterns/evaluate.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'
import type { Protection } from '#services/logs/protection/policies.ts'
import type { Backlog, Waiting } from '#services/logs/subscriptions/backlog.ts'
import { type SubscribedEvent, payloadParts } from '#services/logs/subscriptions/payload.ts'
import {
  type Subscriber,
  type SubscriberDeps,
  hasSubscribers,
  subscribersOf,
} from '#services/logs/subscriptions/subscribers.ts'
import { type SubscriptionTargets, parseTargetArn } from '#services/logs/subscriptions/target.ts'
import type { EventKey, LogBatch, LogJournal, StoredLogEvent } from '#stores/journals/log-journal.ts'

export interface ForwarderDeps extends SubscriberDeps {
  readonly backlog: Backlog
  readonly groups: Groups
  readonly journal: LogJournal
  readonly protection: Protection
  readonly targets: SubscriptionTargets
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Milliseconds before the first repetition; it doubles up to sixty times that. One second when left out. */
  readonly patience?: number
}

const SLOWEST = 60

/**
 * Sends stored events to subscribers, each group's in order, at least once. What cannot be sent is tried again for a day; a
 * slow target holds up its own groups only.
 */
export class Forwarder {
  readonly #deps: ForwarderDeps
  /** What waits of each group; a group that is there is being worked on. */
  readonly #queues = new Map<number, Waiting[]>()
  readonly #running = new Set<Promise<void>>()
  readonly #stopping = new AbortController()

  constructor(deps: ForwarderDeps) {
    this.#deps = deps
  }

  /** False when it is known without waiting that the group has no subscriber; for the hot path. */
  mayConcern(group: LogGroup): boolean {
    if ((group.subscriptionFilterCount ?? 0) > 0) return true
    const known = this.#deps.accountPolicies.held(group.place, 'SUBSCRIPTION_FILTER_POLICY')
    return known === undefined || known.policy !== undefined
  }

  /** Takes a stored batch; it is on disk when this resolves, and sent soon. */
  async take(group: LogGroup, stream: LogStream, events: LogBatch['events'], firstSeq: number): Promise<void> {
    const { backlog, clock } = this.#deps
    if (events.length === 0 || !(await hasSubscribers(this.#deps, group))) return
    this.#enqueue(await backlog.add(group, stream, events, firstSeq, clock.now()))
  }

  /** Goes on with what an earlier process left. */
  async resume(): Promise<void> {
    for (const waiting of await this.#deps.backlog.all()) this.#enqueue(waiting)
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  /** What waits is sent by the next process. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await this.idle()
  }

  #enqueue(waiting: Waiting): void {
    const queue = this.#queues.get(waiting.group)
    if (queue !== undefined) {
      queue.push(waiting)
      return
    }
    const started = [waiting]
    this.#queues.set(waiting.group, started)
    const run = this.#work(waiting.group, started).finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  async #work(group: number, queue: Waiting[]): Promise<void> {
    for (let waiting = queue[0]; waiting !== undefined && !this.#stopped; waiting = queue[0]) {
      await this.#sendPatiently(waiting)
      if (this.#stopped) break
      queue.shift()
    }
    this.#queues.delete(group)
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #sendPatiently(waiting: Waiting): Promise<void> {
    const { backlog, clock, telemetry, patience = 1_000 } = this.#deps
    for (let factor = 1; !this.#stopped; factor = Math.min(SLOWEST, factor * 2)) {
      try {
        await this.#send(waiting)
        await backlog.remove(waiting)
        return
      } catch (error) {
        if (this.#stopped) return
        const { groupName, count, storedAt } = waiting.batch
        telemetry.log.warn({ event: 'subscription_not_sent', group: groupName, error: messageOf(error) })
        if (clock.now() - storedAt >= DAY_MILLIS) {
          telemetry.meter.add('logs_subscription_events_dropped_total', count)
          await backlog.remove(waiting).catch(() => undefined)
          return
        }
        await sleep(patience * factor, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined)
      }
    }
  }

  async #send(waiting: Waiting): Promise<void> {
    const { groups, protection, targets } = this.#deps
    const { place, batch } = waiting
    const group = await groups.find(place, batch.groupName)
    if (group?.number !== waiting.group) return
    const subscribers = await subscribersOf(this.#deps, group)
    if (subscribers.length === 0) return
    const mask = await protection.maskOf(group)
    const events = (await this.#stored(waiting)).map((event) => ({
      id: eventId(event),
      timestamp: event.timestamp,
      view: new MessageView(mask?.(event.message, event.ingestionTime) ?? event.message),
    }))
    for (const subscriber of subscribers) {
      const target = targets.get(parseTargetArn(subscriber.route.destinationArn).vendor)
      if (target === undefined) continue
      const selected = events
        .filter(({ view }) => subscriber.matcher.selects(view))
        .map(({ view, ...event }) => ({ ...event, message: view.text, ...fieldsOf(subscriber, view) }))
      for (const logEvents of payloadParts(selected, MAX_PAYLOAD_BYTES)) {
        await target.send(subscriber.route, {
          messageType: 'DATA_MESSAGE',
          owner: place.account,
          logGroup: group.name,
          logStream: batch.streamName,
          subscriptionFilters: [subscriber.filterName],
          logEvents,
          ...(subscriber.ofAccount ? { policyLevel: 'ACCOUNT_LEVEL_POLICY' } : {}),
        })
      }
    }
  }

  /** The batch's events; deleted ones are not there any more. */
  async #stored({ group, batch }: Waiting): Promise<readonly StoredLogEvent[]> {
    const found: StoredLogEvent[] = []
    let after: EventKey | undefined
    for (;;) {
      const page = await this.#deps.journal.query({
        group,
        streams: [batch.stream],
        from: batch.from,
        to: batch.to + 1,
        ...(after === undefined ? {} : { after }),
        order: 'ascending',
        limit: SCAN_CHUNK_EVENTS,
        maxBytes: SCAN_CHUNK_BYTES,
        signal: this.#stopping.signal,
      })
      for (const event of page) {
        if (event.seq >= batch.firstSeq && event.seq < batch.firstSeq + batch.count) found.push(event)
      }
      after = page.at(-1)
      if (after === undefined || found.length >= batch.count) return found
    }
  }
}

/** Subscribers of a space-delimited pattern get its fields, by name without the dollar. */
function fieldsOf({ matcher: { pattern } }: Subscriber, view: MessageView): Pick<SubscribedEvent, 'extractedFields'> {
  if (pattern.kind !== 'delimited') return {}
  const fields = extractedValues(pattern, view).map(([name, value]) => [name.slice(1), value] as const)
  return { extractedFields: Object.fromEntries(fields) }
}

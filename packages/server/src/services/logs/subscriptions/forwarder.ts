import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import type { Groups } from '#services/logs/catalog/groups.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogStream } from '#services/logs/catalog/streams.ts'
import type { EventEncryption } from '#services/logs/encryption/event-encryption.ts'
import { eventId } from '#services/logs/events/event-id.ts'
import {
  DAY_MILLIS,
  MAX_PAYLOAD_BYTES,
  MAX_QUEUED_BATCHES,
  SCAN_CHUNK_BYTES,
  SCAN_CHUNK_EVENTS,
} from '#services/logs/limits.ts'
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
import type { EventKey, LogEvents, LogJournal, StoredLogEvent } from '#stores/journals/log-journal.ts'

export interface ForwarderDeps extends SubscriberDeps {
  readonly backlog: Backlog
  readonly groups: Groups
  readonly journal: LogJournal
  readonly protection: Protection
  readonly encryption: EventEncryption
  readonly targets: SubscriptionTargets
  readonly clock: Clock
  readonly telemetry: Telemetry
  /** Milliseconds before the first repetition; it doubles up to sixty times that. One second when left out. */
  readonly patience?: number
}

const PATIENCE = 1_000
const SLOWEST = 60

/** What waits of one group. */
interface Queue {
  /** In order; the first one is being sent. */
  held: Waiting[]
  /** There is more on the disk than is held, and all that comes goes there. */
  more: boolean
}

/**
 * Sends stored events to subscribers, each group's in order, at least once. What cannot be sent is tried again for a day; a
 * slow target holds up its own groups only.
 */
export class Forwarder {
  readonly #deps: ForwarderDeps
  /** Of groups that are being worked on. */
  readonly #queues = new Map<number, Queue>()
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
  async take(group: LogGroup, stream: LogStream, events: LogEvents, firstSeq: number): Promise<void> {
    const { backlog, clock } = this.#deps
    if (events.length === 0 || !(await hasSubscribers(this.#deps, group))) return
    this.#enqueue(await backlog.add(group, stream, events, firstSeq, clock.now()))
  }

  /** Goes on with what an earlier process left. */
  async resume(): Promise<void> {
    for (const { place, group } of await this.#deps.backlog.groups()) this.#queueOf(place, group).more = true
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

  /** What does not fit is read from the disk again when its turn comes. */
  #enqueue(waiting: Waiting): void {
    const queue = this.#queueOf(waiting.place, waiting.group)
    if (queue.more || queue.held.length >= MAX_QUEUED_BATCHES) queue.more = true
    else queue.held.push(waiting)
  }

  /** The queue of a group; one that is not there yet is worked on from now on. */
  #queueOf(place: LogsPlace, group: number): Queue {
    const known = this.#queues.get(group)
    if (known !== undefined) return known
    const queue: Queue = { held: [], more: false }
    this.#queues.set(group, queue)
    const run = this.#work(place, group, queue).finally(() => this.#running.delete(run))
    this.#running.add(run)
    return queue
  }

  async #work(place: LogsPlace, group: number, queue: Queue): Promise<void> {
    // Whoever made the queue puts something into it first.
    await Promise.resolve()
    while (!this.#stopped) {
      const waiting = queue.held[0]
      if (waiting !== undefined) {
        await this.#sendPatiently(waiting)
        queue.held.shift()
      } else if (queue.more) {
        await this.#refill(place, group, queue)
      } else {
        break
      }
    }
    this.#queues.delete(group)
  }

  /** What comes meanwhile is held already, or is on the disk with more. */
  async #refill(place: LogsPlace, group: number, queue: Queue): Promise<void> {
    const { backlog, telemetry, patience = PATIENCE } = this.#deps
    queue.more = false
    try {
      const read = await backlog.ofGroup(place, group, MAX_QUEUED_BATCHES)
      const ids = new Set(read.map(({ key }) => key.id))
      const isFull = read.length === MAX_QUEUED_BATCHES
      queue.held = isFull ? [...read] : [...read, ...queue.held.filter(({ key }) => !ids.has(key.id))]
      queue.more ||= isFull
    } catch (error) {
      queue.more = true
      telemetry.log.warn({ event: 'subscriptions_not_read', error: messageOf(error) })
      await this.#pause(patience)
    }
  }

  async #pause(millis: number): Promise<void> {
    await sleep(millis, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined)
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #sendPatiently(waiting: Waiting): Promise<void> {
    const { backlog, clock, telemetry, patience = PATIENCE } = this.#deps
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
        await this.#pause(patience * factor)
      }
    }
  }

  async #send(waiting: Waiting): Promise<void> {
    const { groups, protection, encryption, targets } = this.#deps
    const { place, batch } = waiting
    const group = await groups.find(place, batch.groupName)
    if (group?.number !== waiting.group) return
    const subscribers = await subscribersOf(this.#deps, group)
    if (subscribers.length === 0) return
    const mask = await protection.maskOf(group)
    const stored = await encryption.open(group, await this.#stored(waiting), this.#stopping.signal)
    const events = stored.map((event) => ({
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

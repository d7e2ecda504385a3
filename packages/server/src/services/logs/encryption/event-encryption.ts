import { setImmediate } from 'node:timers/promises'
import { groupArn } from '#services/logs/arns.ts'
import { type Groups, recordOf } from '#services/logs/catalog/groups.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { DataKeys, WrappedKey } from '#services/logs/encryption/data-keys.ts'
import {
  type SealedMessage,
  batchSealer,
  isMarked,
  messageOpener,
  plainText,
  readStored,
} from '#services/logs/encryption/sealed-message.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { eventObjects, listedEvents } from '#stores/journals/listed-events.ts'
import type { LogEvents, StoredLogEvent } from '#stores/journals/log-journal.ts'

export interface EventEncryptionDeps {
  readonly groups: Groups
  readonly dataKeys: DataKeys
}

/** How long messages are sealed or opened before others get their turn, in milliseconds. */
const SLICE_MILLIS = 15

/** Whether the journal may hold sealed messages of the group, which cannot be searched there. */
export const mayBeSealed = ({ dataKeys, kmsKeyId }: LogGroup): boolean =>
  dataKeys !== undefined || kmsKeyId !== undefined

/** Seals the messages of groups that have a key, before they are stored, and opens them when they are read. */
export class EventEncryption {
  readonly #deps: EventEncryptionDeps

  constructor(deps: EventEncryptionDeps) {
    this.#deps = deps
  }

  /** What has to be committed so that the group has this key from now on. */
  withKey(group: LogGroup, key: WrappedKey): ReturnType<Parameters<Groups['change']>[2]> {
    const number = (group.dataKeys ?? 0) + 1
    return {
      record: { ...recordOf(group), kmsKeyId: key.keyArn, dataKeys: number },
      also: [this.#deps.dataKeys.kept(group, number, key)],
    }
  }

  /**
   * What to store of a batch.
   * @throws AwsError AccessDeniedException when the group's key cannot be used
   */
  async seal(group: LogGroup, stream: number, events: LogEvents): Promise<LogEvents> {
    if (events.length === 0) return events
    if (group.kmsKeyId === undefined)
      return listedEvents(
        eventObjects(events).map((event) => ({ ...event, message: plainText(event.message, group.number) })),
      )
    const { dataKeys: number } = group.dataKeys === undefined ? await this.#firstKey(group) : group
    if (number === undefined) return events
    const seal = batchSealer({ number, key: await this.#deps.dataKeys.open(group, number) })
    return listedEvents(
      await sliced(eventObjects(events), ({ timestamp, message }, index) => ({
        timestamp,
        message: seal(message, index, { group: group.number, stream, timestamp }),
      })),
    )
  }

  /**
   * Stored events with their messages.
   * @throws AwsError AccessDeniedException when a key that sealed one of them cannot be used
   */
  async open<E extends StoredLogEvent>(
    group: LogGroup,
    events: readonly E[],
    signal?: AbortSignal,
  ): Promise<readonly E[]> {
    if (!events.some(({ message }) => isMarked(message))) return events
    const stored = events.map(({ message }) => readStored(message, group.number))
    const keys = await this.#keysOf(group, stored)
    const open = messageOpener()
    return sliced(
      events,
      (event, index) => {
        const found = stored[index] ?? event.message
        if (typeof found === 'string') return { ...event, message: found }
        const key = keys.get(found.keyNumber)
        // What does not open was never sealed, and only looks like it.
        return { ...event, message: (key && open(found, key, event)) ?? event.message }
      },
      signal,
    )
  }

  /** The data keys that sealed these messages; none for a number that the group never had. */
  async #keysOf(
    group: LogGroup,
    stored: readonly (string | SealedMessage)[],
  ): Promise<ReadonlyMap<number, Uint8Array>> {
    const numbers = new Set(stored.flatMap((found) => (typeof found === 'string' ? [] : [found.keyNumber])))
    let { dataKeys = 0 } = group
    if (Math.max(0, ...numbers) > dataKeys) {
      // The group may have got its key after it was looked up.
      const now = await this.#deps.groups.find(group.place, group.name)
      if (now?.number === group.number) dataKeys = now.dataKeys ?? 0
    }
    const keys = new Map<number, Uint8Array>()
    for (const number of numbers) {
      if (number > 0 && number <= dataKeys) keys.set(number, await this.#deps.dataKeys.open(group, number))
    }
    return keys
  }

  /** Groups of earlier versions name a key and have no data key yet. */
  async #firstKey(group: LogGroup): Promise<LogGroup> {
    const { dataKeys, groups } = this.#deps
    const { kmsKeyId = '', name, place } = group
    // Nothing is wrong with the events, and whoever brings them must go on trying: so not as at the association.
    const key = await dataKeys.make(kmsKeyId, place, name, (reason) =>
      logsErrors.keyUnusable(groupArn(place, name), reason),
    )
    await groups.change(place, name, (now) =>
      now.dataKeys === undefined && now.kmsKeyId === kmsKeyId ? this.withKey(now, key) : { record: recordOf(now) },
    )
    return groups.require(place, name)
  }
}

async function sliced<T, R>(
  items: readonly T[],
  make: (item: T, index: number) => R,
  signal?: AbortSignal,
): Promise<readonly R[]> {
  const made: R[] = []
  let sliceStart = performance.now()
  for (const [index, item] of items.entries()) {
    made.push(make(item, index))
    if (performance.now() - sliceStart > SLICE_MILLIS) {
      await setImmediate()
      signal?.throwIfAborted()
      sliceStart = performance.now()
    }
  }
  return made
}

import type { EpochMillis } from '#kernel/ids.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import { WatchedCache } from '#stores/records/watched-cache.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { isStorable } from '#services/logs/names.ts'
import {
  type RecordChange,
  type RecordKey,
  type RecordStore,
  RevisionConflict,
  type StoredRecord,
} from '#stores/records/record-store.ts'

/** A log stream as it is stored, under `<group number>/<name>`. */
interface LogStreamRecord {
  /** Names the stream in the journal; never reused. */
  readonly number: number
  readonly creationTime: EpochMillis
}

export interface LogStream extends LogStreamRecord {
  readonly name: string
}

/** The way back from an event's stream number to its name, under `<group number>/<stream number>`. */
interface StreamNameRecord {
  readonly name: string
}

const STREAMS = 'logs.stream'
const STREAM_NAMES = 'logs.stream-name'
/** Log streams, and names of streams, held in memory for the hot paths. */
const CACHED_STREAMS = 20_000

/** The log streams of all groups. They hang on the group's number, so a group created again has none. */
export class Streams {
  readonly #records: RecordStore
  readonly #cache = new WatchedCache<LogStream>(CACHED_STREAMS)
  readonly #names = new WatchedCache<StreamNameRecord>(CACHED_STREAMS)

  constructor(records: RecordStore) {
    this.#records = records
    records.watch(STREAMS, ({ id }) => this.#cache.forget(id))
    records.watch(STREAM_NAMES, ({ id }) => this.#names.forget(id))
  }

  /** The stream when it is in memory; for the hot path. */
  held(group: LogGroup, name: string): LogStream | undefined {
    return this.#cache.held(group.idPrefix + name)
  }

  async find(group: LogGroup, name: string): Promise<LogStream | undefined> {
    if (!isStorable(name)) return undefined
    return this.#cache.get(group.idPrefix + name, async () => {
      const stored = await this.#records.get<LogStreamRecord>(streamKey(group, name))
      return stored && { ...stored.value, name }
    })
  }

  /** @throws AwsError ResourceNotFoundException */
  async require(group: LogGroup, name: string): Promise<LogStream> {
    const stream = await this.find(group, name)
    if (stream === undefined) throw logsErrors.streamNotFound()
    return stream
  }

  /** The name of the stream with this number. `undefined`: it was deleted. */
  async nameOf(group: LogGroup, number: number): Promise<string | undefined> {
    const key = nameKey(group, number)
    const found = await this.#names.get(key.id, async () => (await this.#records.get<StreamNameRecord>(key))?.value)
    return found?.name
  }

  /** @throws AwsError ResourceAlreadyExistsException; of several at once exactly one succeeds */
  async create(group: LogGroup, name: string, record: LogStreamRecord): Promise<void> {
    const names: StreamNameRecord = { name }
    try {
      await this.#records.commit([
        { kind: 'put', key: streamKey(group, name), value: record, expect: 0 },
        { kind: 'put', key: nameKey(group, record.number), value: names, expect: 0 },
      ])
    } catch (error) {
      if (error instanceof RevisionConflict) throw logsErrors.streamExists()
      throw error
    }
    this.#cache.forget(group.idPrefix + name)
  }

  /**
   * Deletes a stream as it is, together with what `also` adds.
   * @throws AwsError ResourceNotFoundException when it is not there (any more)
   */
  async delete(
    group: LogGroup,
    name: string,
    also: (stream: LogStream) => readonly RecordChange[],
  ): Promise<LogStream> {
    const key = streamKey(group, name)
    const stored = isStorable(name) ? await this.#records.get<LogStreamRecord>(key) : undefined
    if (stored === undefined) throw logsErrors.streamNotFound()
    const stream: LogStream = { ...stored.value, name }
    try {
      await this.#records.commit([...this.#deletion(key, stored), ...also(stream)])
    } catch (error) {
      if (error instanceof RevisionConflict) throw logsErrors.streamNotFound()
      throw error
    }
    this.#forget(key.id, nameKey(group, stream.number).id)
    return stream
  }

  /** By ascending name. `after` is a name. */
  async list(
    group: LogGroup,
    { prefix = '', after, limit }: { readonly prefix?: string; readonly after?: string; readonly limit: number },
  ): Promise<readonly LogStream[]> {
    if (!prefix.isWellFormed() || prefix.includes('\0')) return []
    const { account, region } = group.place
    const stored = await this.#records.list<LogStreamRecord>(STREAMS, account, region, {
      prefix: group.idPrefix + prefix,
      ...(after === undefined ? {} : { after: group.idPrefix + after }),
      limit,
    })
    return stored.map(({ key, value }) => ({ ...value, name: key.id.slice(group.idPrefix.length) }))
  }

  /** Deletes some of a deleted group's streams; true while there may be more. */
  async deleteSome(group: Pick<LogGroup, 'place' | 'idPrefix'>, limit: number): Promise<boolean> {
    const { account, region } = group.place
    const stored = await this.#records.list<LogStreamRecord>(STREAMS, account, region, {
      prefix: group.idPrefix,
      limit,
    })
    await this.#records.commit(stored.flatMap((stream) => this.#deletion(stream.key, stream)))
    for (const { key, value } of stored) this.#forget(key.id, group.idPrefix + numberId(value.number))
    return stored.length === limit
  }

  #deletion(key: RecordKey, { value, revision }: StoredRecord<LogStreamRecord>): readonly RecordChange[] {
    const id = `${key.id.slice(0, key.id.indexOf('/') + 1)}${numberId(value.number)}`
    return [
      { kind: 'delete', key, expect: revision },
      { kind: 'delete', key: { ...key, collection: STREAM_NAMES, id } },
    ]
  }

  #forget(streamId: string, nameId: string): void {
    this.#cache.forget(streamId)
    this.#names.forget(nameId)
  }
}

const streamKey = (group: LogGroup, name: string): RecordKey => ({
  collection: STREAMS,
  account: group.place.account,
  region: group.place.region,
  id: group.idPrefix + name,
})

const nameKey = (group: LogGroup, number: number): RecordKey => ({
  collection: STREAM_NAMES,
  account: group.place.account,
  region: group.place.region,
  id: group.idPrefix + numberId(number),
})

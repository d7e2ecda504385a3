import type { EpochMillis } from '#kernel/ids.ts'
import { accountId, region } from '#kernel/ids.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import type { LogStream } from '#services/logs/catalog/streams.ts'
import type { LogEvents } from '#stores/journals/log-journal.ts'
import type { RecordKey, RecordStore, StoredRecord } from '#stores/records/record-store.ts'

/** A stored batch that subscribers have not got yet, under `<group number>/<first seq>`. */
export interface WaitingBatch {
  readonly groupName: string
  readonly stream: number
  readonly streamName: string
  readonly firstSeq: number
  readonly count: number
  /** Times of the first and the last event. */
  readonly from: EpochMillis
  readonly to: EpochMillis
  readonly storedAt: EpochMillis
}

export interface Waiting {
  readonly place: LogsPlace
  readonly group: number
  readonly key: RecordKey
  readonly batch: WaitingBatch
}

export const WAITING_BATCHES = 'logs.subscription-batch'
/** A seq is a safe integer. */
const SEQ_DIGITS = 16

/** What waits to be sent, on disk before PutLogEvents answers; so each event arrives at least once. */
export class Backlog {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  /** @param events at least one */
  async add(
    group: LogGroup,
    stream: LogStream,
    events: LogEvents,
    firstSeq: number,
    storedAt: EpochMillis,
  ): Promise<Waiting> {
    const batch: WaitingBatch = {
      groupName: group.name,
      stream: stream.number,
      streamName: stream.name,
      firstSeq,
      count: events.length,
      from: events.timestamp(0),
      to: events.timestamp(events.length - 1),
      storedAt,
    }
    const { account, region: where } = group.place
    const id = `${numberId(group.number)}/${String(firstSeq).padStart(SEQ_DIGITS, '0')}`
    const key: RecordKey = { collection: WAITING_BATCHES, account, region: where, id }
    await this.#records.commit([{ kind: 'put', key, value: batch }])
    return { place: group.place, group: group.number, key, batch }
  }

  /** What waits of one group, in the order in which it was stored; at most `limit`. */
  async ofGroup({ account, region: where }: LogsPlace, group: number, limit: number): Promise<readonly Waiting[]> {
    const prefix = `${numberId(group)}/`
    const stored = await this.#records.list<WaitingBatch>(WAITING_BATCHES, account, where, { prefix, limit })
    return stored.map(waitingOf)
  }

  /** The groups of which something waits. */
  async groups(): Promise<readonly Pick<Waiting, 'place' | 'group'>[]> {
    const groups = new Map<number, Pick<Waiting, 'place' | 'group'>>()
    for (const stored of await this.#records.listAll<WaitingBatch>(WAITING_BATCHES)) {
      const { place, group } = waitingOf(stored)
      groups.set(group, { place, group })
    }
    return [...groups.values()]
  }

  async remove({ key }: Waiting): Promise<void> {
    await this.#records.commit([{ kind: 'delete', key }])
  }
}

const waitingOf = ({ key, value }: StoredRecord<WaitingBatch>): Waiting => ({
  place: { account: accountId(key.account), region: region(key.region) },
  group: Number(key.id.slice(0, key.id.indexOf('/'))),
  key,
  batch: value,
})

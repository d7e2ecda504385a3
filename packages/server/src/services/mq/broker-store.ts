import type { RecordChange, RecordKey, RecordStore, StoredRecord } from '#stores/records/record-store.ts'
import { RevisionConflict } from '#stores/records/record-store.ts'
import type { AccountId, Region } from '#kernel/ids.ts'
import { BROKER_NAME } from '#services/mq/limits.ts'
import {
  BROKERS,
  BROKER_NAMES,
  type BrokerRecord,
  type BrokerRef,
  type BrokerScope,
  CREATE_REQUESTS,
  RECORD_FORMAT,
} from '#services/mq/broker-record.ts'

/** A creatorRequestId that was used: which broker it made, from which input. */
export interface CreateRequest {
  readonly brokerId: string
  /** Hash of the input without its secrets. */
  readonly fingerprint: string
}

interface BrokerName {
  readonly brokerId: string
}

const BROKER_ID = /^b-[0-9a-f-]{36}$/

/** A writer that loses this often in a row has a fault of its own. */
const MAX_TRIES = 50

/** Brokers as documents. Every change is guarded by the revision it was made from. */
export interface BrokerStore {
  get(ref: BrokerRef): Promise<BrokerRecord | undefined>
  /** By id, else by name. */
  find(scope: BrokerScope, idOrName: string): Promise<BrokerRecord | undefined>
  /** By ascending id. */
  list(
    scope: BrokerScope,
    options: { readonly after?: string; readonly limit: number },
  ): Promise<readonly BrokerRecord[]>
  refs(): Promise<readonly BrokerRef[]>
  createRequest(scope: BrokerScope, id: string): Promise<CreateRequest | undefined>
  /** @throws RevisionConflict when the name, the request or something of `more` was taken meanwhile */
  create(record: BrokerRecord, options?: CreateOptions): Promise<void>
  /**
   * Applies `edit` to the newest record, again and again until nobody changed it in between. `edit` returns `undefined`
   * for "leave it"; what is there afterwards is returned, `undefined` when the broker is gone.
   */
  change(ref: BrokerRef, edit: (record: BrokerRecord) => BrokerRecord | undefined): Promise<BrokerRecord | undefined>
  /** Deletes the broker, its name and its idempotency record. */
  remove(record: BrokerRecord): Promise<void>
  watch(hear: (ref: BrokerRef) => void): () => void
}

interface CreateOptions {
  readonly request?: { readonly id: string; readonly value: CreateRequest } | undefined
  /** What is committed together with the broker. */
  readonly more?: readonly RecordChange[]
}

const brokerKey = ({ account, region, brokerId }: BrokerRef): RecordKey => ({
  collection: BROKERS,
  account,
  region,
  id: brokerId,
})
const nameKey = ({ account, region }: BrokerScope, name: string): RecordKey => ({
  collection: BROKER_NAMES,
  account,
  region,
  id: name,
})
const requestKey = ({ account, region }: BrokerScope, id: string): RecordKey => ({
  collection: CREATE_REQUESTS,
  account,
  region,
  id,
})
// Only this service writes these collections, and only with parsed scopes.
const refOf = ({ account, region, id }: RecordKey): BrokerRef => ({
  account: account as AccountId,
  region: region as Region,
  brokerId: id,
})

/** The brokers of a record store; safe to make more than once over the same store. */
export function brokerStore(records: RecordStore): BrokerStore {
  const read = async (ref: BrokerRef): Promise<StoredRecord<BrokerRecord> | undefined> => {
    if (!BROKER_ID.test(ref.brokerId)) return undefined
    const stored = await records.get<StoredBroker>(brokerKey(ref))
    return stored && { ...stored, value: inPresentFormat(stored) }
  }

  const get = async (ref: BrokerRef): Promise<BrokerRecord | undefined> => (await read(ref))?.value

  return {
    get,
    async find(scope, idOrName) {
      const byId = await get({ account: scope.account, region: scope.region, brokerId: idOrName })
      if (byId !== undefined || !BROKER_NAME.test(idOrName)) return byId
      const name = await records.get<BrokerName>(nameKey(scope, idOrName))
      return name && get({ account: scope.account, region: scope.region, brokerId: name.value.brokerId })
    },
    async list({ account, region }, options) {
      return (await records.list<StoredBroker>(BROKERS, account, region, options)).map(inPresentFormat)
    },
    async refs() {
      return (await records.listAll<BrokerRecord>(BROKERS)).map((stored) => refOf(stored.key))
    },
    async createRequest(scope, id) {
      return (await records.get<CreateRequest>(requestKey(scope, id)))?.value
    },
    async create(record, { request, more = [] } = {}) {
      const name: BrokerName = { brokerId: record.brokerId }
      await records.commit([
        { kind: 'put', key: brokerKey(record), value: record, expect: 0 },
        { kind: 'put', key: nameKey(record, record.brokerName), value: name, expect: 0 },
        ...(request === undefined
          ? []
          : [{ kind: 'put', key: requestKey(record, request.id), value: request.value, expect: 0 } as const]),
        ...more,
      ])
    },
    async change(ref, edit) {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const stored = await read(ref)
        if (stored === undefined) return undefined
        const edited = edit(stored.value)
        if (edited === undefined) return stored.value
        if (await committed(records, [{ kind: 'put', key: stored.key, value: edited, expect: stored.revision }]))
          return edited
      }
      throw new Error(
        `broker ${ref.brokerId} was changed by others ${String(MAX_TRIES)} times in a row; nothing was written`,
      )
    },
    async remove(record) {
      await records.commit([
        { kind: 'delete', key: brokerKey(record) },
        { kind: 'delete', key: nameKey(record, record.brokerName) },
        ...(record.createRequest === undefined
          ? []
          : [{ kind: 'delete', key: requestKey(record, record.createRequest) } as const]),
      ])
    },
    watch: (hear) => records.watch(BROKERS, (key) => hear(refOf(key))),
  }
}

async function committed(records: RecordStore, changes: readonly RecordChange[]): Promise<boolean> {
  try {
    await records.commit(changes)
    return true
  } catch (error) {
    if (error instanceof RevisionConflict) return false
    throw error
  }
}

/** A broker as any version that this one understands wrote it. */
type StoredBroker = Omit<BrokerRecord, 'format'> & { readonly format: number }

/** Format 1 had no configurations, format 2 no directories; what they have not is left out in format 3, too. */
function inPresentFormat({ key, value }: StoredRecord<StoredBroker>): BrokerRecord {
  if (value.format >= 1 && value.format <= RECORD_FORMAT) return { ...value, format: RECORD_FORMAT }
  throw new Error(
    `broker ${key.id} was written by another version of Sluice (record format ${String(value.format)}); it was left untouched`,
  )
}

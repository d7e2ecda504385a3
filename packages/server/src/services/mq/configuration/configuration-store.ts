import type { EpochMillis } from '#kernel/ids.ts'
import { type RecordChange, type RecordKey, type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'
import type { BrokerScope, ConfigurationRef } from '#services/mq/broker-record.ts'
import {
  CONFIGURATIONS,
  CONFIGURATION_FORMAT,
  CONFIGURATION_NAMES,
  type ConfigurationId,
  type ConfigurationRecord,
  REVISIONS,
  type RevisionRecord,
} from '#services/mq/configuration/configuration-record.ts'

const CONFIGURATION_ID = /^c-[0-9a-f-]{36}$/
/** A writer that loses this often in a row has a fault of its own. */
const MAX_TRIES = 50

/** Configurations and their revisions as documents. */
export interface ConfigurationStore {
  get(id: ConfigurationId): Promise<ConfigurationRecord | undefined>
  /** By ascending id. */
  list(scope: BrokerScope, options: PageOptions): Promise<readonly ConfigurationRecord[]>
  isNameTaken(scope: BrokerScope, name: string): Promise<boolean>
  /** What makes a configuration, to be committed with whatever belongs to it; fails to commit when the name is taken. */
  creation(record: ConfigurationRecord, data: string): readonly RecordChange[]
  /** @throws RevisionConflict when the name was taken meanwhile */
  create(record: ConfigurationRecord, data: string): Promise<void>
  /** Adds a revision; `check` throws when there must be no further one. `undefined`: the configuration is gone. */
  addRevision(
    id: ConfigurationId,
    revision: NewRevision,
    check: (record: ConfigurationRecord) => void,
  ): Promise<ConfigurationRecord | undefined>
  /** `undefined` when there is no such revision. */
  revision(id: ConfigurationId, number: number): Promise<RevisionRecord | undefined>
  /** Applies `edit` to the newest record; `undefined` when the configuration is gone. */
  change(
    id: ConfigurationId,
    edit: (record: ConfigurationRecord) => ConfigurationRecord,
  ): Promise<ConfigurationRecord | undefined>
  /** Deletes the configuration with its revisions and its name. */
  remove(record: ConfigurationRecord): Promise<void>
}

interface PageOptions {
  readonly after?: string
  readonly limit: number
}

interface NewRevision {
  readonly data: string
  readonly description?: string
  readonly now: EpochMillis
}

/** Names the configuration that a broker refers to. */
export const idOf = ({ account, region }: BrokerScope, { id }: ConfigurationRef): ConfigurationId => ({
  account,
  region,
  configurationId: id,
})

const key = (collection: string, { account, region }: BrokerScope, id: string): RecordKey => ({
  collection,
  account,
  region,
  id,
})
const configurationKey = (id: ConfigurationId): RecordKey => key(CONFIGURATIONS, id, id.configurationId)
const revisionKey = (id: ConfigurationId, number: number): RecordKey =>
  key(REVISIONS, id, `${id.configurationId}/${String(number).padStart(6, '0')}`)

/** The configurations of a record store; safe to make more than once over the same store. */
export function configurationStore(records: RecordStore): ConfigurationStore {
  async function read(id: ConfigurationId) {
    if (!CONFIGURATION_ID.test(id.configurationId)) return undefined
    const stored = await records.get<StoredConfiguration>(configurationKey(id))
    return stored && { ...stored, value: inPresentFormat(stored.value) }
  }

  async function change(
    id: ConfigurationId,
    edit: (record: ConfigurationRecord) => ConfigurationRecord,
    more: (record: ConfigurationRecord) => readonly RecordChange[] = () => [],
  ): Promise<ConfigurationRecord | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const stored = await read(id)
      if (stored === undefined) return undefined
      const edited = edit(stored.value)
      const put = { kind: 'put', key: stored.key, value: edited, expect: stored.revision } as const
      try {
        await records.commit([put, ...more(edited)])
        return edited
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
    throw new Error(`configuration ${id.configurationId} was changed by others ${String(MAX_TRIES)} times in a row`)
  }

  const creation = (record: ConfigurationRecord, data: string): readonly RecordChange[] => [
    { kind: 'put', key: configurationKey(record), value: record, expect: 0 },
    {
      kind: 'put',
      key: key(CONFIGURATION_NAMES, record, record.name),
      value: { configurationId: record.configurationId },
      expect: 0,
    },
    { kind: 'put', key: revisionKey(record, record.latest.revision), value: { ...record.latest, data }, expect: 0 },
  ]

  return {
    async get(id) {
      return (await read(id))?.value
    },
    async list({ account, region }, options) {
      const page = await records.list<StoredConfiguration>(CONFIGURATIONS, account, region, options)
      return page.map(({ value }) => inPresentFormat(value))
    },
    async isNameTaken(scope, name) {
      return (await records.get(key(CONFIGURATION_NAMES, scope, name))) !== undefined
    },
    creation,
    create: (record, data) => records.commit(creation(record, data)),
    addRevision: (id, { data, description, now }, check) =>
      change(
        id,
        (record) => {
          check(record)
          const latest = { revision: record.latest.revision + 1, created: now }
          return { ...record, latest: description === undefined ? latest : { ...latest, description } }
        },
        (record) => [
          {
            kind: 'put',
            key: revisionKey(id, record.latest.revision),
            value: { ...record.latest, data },
            expect: 0,
          },
        ],
      ),
    async revision(id, number) {
      if (!CONFIGURATION_ID.test(id.configurationId)) return undefined
      return (await records.get<RevisionRecord>(revisionKey(id, number)))?.value
    },
    change: (id, edit) => change(id, edit),
    async remove(record) {
      const revisions = Array.from({ length: record.latest.revision }, (_, index) => revisionKey(record, index + 1))
      const keys = [configurationKey(record), key(CONFIGURATION_NAMES, record, record.name), ...revisions]
      await records.commit(keys.map((each) => ({ kind: 'delete', key: each })))
    },
  }
}

/** A configuration as any version that this one understands wrote it. */
type StoredConfiguration = Omit<ConfigurationRecord, 'format'> & { readonly format: number }

/** Format 1 knew no strategies; what it has not is left out in format 2, too. */
function inPresentFormat(record: StoredConfiguration): ConfigurationRecord {
  if (record.format === 1 || record.format === CONFIGURATION_FORMAT) return { ...record, format: CONFIGURATION_FORMAT }
  throw new Error(
    `configuration ${record.configurationId} was written by another version of Sluice (record format ${String(record.format)}); it was left untouched`,
  )
}

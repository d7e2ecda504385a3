import { randomBytes } from 'node:crypto'
import {
  GRANTS,
  type Grant,
  type GrantRecord,
  grantKey,
  grantOf,
  granteePrefix,
} from '#services/kms/grants/grant-record.ts'
import type { KmsPlace } from '#services/kms/types.ts'
import type { ListOptions, RecordChange, RecordStore } from '#stores/records/record-store.ts'

/** Bytes of a grant id that are random; the rest is the grantee's prefix. */
const RANDOM_BYTES = 24
const CHUNK = 200

/** The grants of all keys. */
export class Grants {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  /** 64 hexadecimal digits. */
  newId(grantee: string): string {
    return `${granteePrefix(grantee)}${randomBytes(RANDOM_BYTES).toString('hex')}`
  }

  creation(place: KmsPlace, keyId: string, grantId: string, record: GrantRecord): RecordChange {
    return { kind: 'put', key: grantKey(place, keyId, grantId), value: record, expect: 0 }
  }

  removal(place: KmsPlace, keyId: string, grantId: string): RecordChange {
    return { kind: 'delete', key: grantKey(place, keyId, grantId) }
  }

  async find(place: KmsPlace, keyId: string, grantId: string): Promise<Grant | undefined> {
    const stored = await this.#records.get<GrantRecord>(grantKey(place, keyId, grantId))
    return stored && grantOf(stored)
  }

  /** By key and id; `after` and `prefix` are ids of records: `<key id>/<grant id>`. */
  async list({ account, region }: KmsPlace, options: ListOptions): Promise<readonly Grant[]> {
    return (await this.#records.list<GrantRecord>(GRANTS, account, region, options)).map(grantOf)
  }

  /** The first grant of a key to one of these principals that `fits`. */
  async first(
    place: KmsPlace,
    keyId: string,
    grantees: readonly string[],
    fits: (grant: Grant) => boolean,
  ): Promise<Grant | undefined> {
    for (const grantee of grantees) {
      const prefix = `${keyId}/${granteePrefix(grantee)}`
      for (let after: string | undefined; ;) {
        const some = await this.list(place, { prefix, limit: CHUNK, ...(after === undefined ? {} : { after }) })
        const found = some.find((grant) => grant.grantee === grantee && fits(grant))
        if (found !== undefined) return found
        const last = some.at(-1)
        if (last === undefined || some.length < CHUNK) break
        after = `${keyId}/${last.grantId}`
      }
    }
    return undefined
  }
}

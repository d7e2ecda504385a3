import { createHash } from 'node:crypto'
import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import type { EncryptionContext, KmsInput, KmsPlace } from '#services/kms/types.ts'
import type { RecordKey, RecordStore, StoredRecord } from '#stores/records/record-store.ts'

export type GrantOperation = KmsInput<'CreateGrant'>['Operations'][number]

/** What the request has to be like for a grant to count. */
export interface GrantConstraints {
  readonly contextEquals?: EncryptionContext
  readonly contextSubset?: EncryptionContext
  /** `aws:SourceArn` of a service. */
  readonly sourceArn?: string
}

/** A grant as it is stored, under `<key id>/<grant id>`. */
export interface GrantRecord {
  readonly name?: string
  readonly grantee: string
  readonly retiring?: string
  readonly operations: readonly GrantOperation[]
  readonly constraints: GrantConstraints
  readonly issuer: AccountId
  readonly createdAt: EpochMillis
}

/** A grant with its id and its key's. */
export interface Grant extends GrantRecord {
  readonly grantId: string
  readonly keyId: string
}

export const GRANTS = 'kms.grant'

export const grantKey = ({ account, region }: KmsPlace, keyId: string, grantId: string): RecordKey => ({
  collection: GRANTS,
  account,
  region,
  id: `${keyId}/${grantId}`,
})

export const grantOf = ({ key, value }: StoredRecord<GrantRecord>): Grant => {
  const [keyId = '', grantId = ''] = key.id.split('/')
  return { ...value, keyId, grantId }
}

const HASH_DIGITS = 16

/** How the ids of all grants to a principal begin, so that they are found without looking at the others. */
export const granteePrefix = (grantee: string): string =>
  createHash('sha256').update(grantee).digest('hex').slice(0, HASH_DIGITS)

/** Grants looked at or removed at once. */
const CHUNK = 500

/** Removes the grants of a key that is gone, piece by piece. */
export async function removeGrantsOf(
  records: RecordStore,
  { account, region }: KmsPlace,
  keyId: string,
): Promise<void> {
  for (;;) {
    const some = await records.list<GrantRecord>(GRANTS, account, region, { prefix: `${keyId}/`, limit: CHUNK })
    if (some.length === 0) return
    await records.commit(some.map(({ key }) => ({ kind: 'delete', key })))
  }
}

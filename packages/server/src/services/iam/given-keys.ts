import { type AccountId, GLOBAL_REGION, isAccountId } from '#kernel/ids.ts'
import { accessKeyKey } from '#services/iam/records.ts'
import { WELL_KNOWN_KEY } from '#services/iam/root-keys.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** From an access key id that was chosen elsewhere to its account; those that IAM makes carry theirs inside. */
export const givenKeyKey = (accessKeyId: string): RecordKey => ({
  collection: 'iam.given-key',
  account: '-',
  region: GLOBAL_REGION,
  id: accessKeyId,
})

const KEY_ID = /^\w{4,128}$/

/** Whether a text can be an access key id. */
export const isKeyId = (text: string): boolean => KEY_ID.test(text)

/** The account of a key id that was chosen elsewhere; any text may be asked about. */
export async function accountOfGivenKey(records: RecordStore, accessKeyId: string): Promise<AccountId | undefined> {
  if (!isKeyId(accessKeyId)) return undefined
  return (await records.get<{ readonly account: AccountId }>(givenKeyKey(accessKeyId)))?.value.account
}

/** Whether a key id stands for somebody already. */
export async function isTaken(records: RecordStore, accessKeyId: string): Promise<boolean> {
  if (accessKeyId === WELL_KNOWN_KEY || isAccountId(accessKeyId)) return true
  const account = await accountOfGivenKey(records, accessKeyId)
  return account !== undefined && (await records.get(accessKeyKey(account, accessKeyId))) !== undefined
}

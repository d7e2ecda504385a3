import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import { findAccount } from '#services/iam/accounts.ts'
import { rootArn, userArn } from '#services/iam/arns.ts'
import { type HeldItem, itemsOf, itemsOfRoot } from '#services/iam/held-items.ts'
import { SIGNING_CERTIFICATES } from '#services/iam/signing-certificates.ts'
import { usesBy } from '#services/iam/last-used.ts'
import { allRecords } from '#services/iam/paging.ts'
import {
  type AccessKeyRecord,
  type AccountRecord,
  USERS,
  type UserRecord,
  accessKeyKey,
} from '#services/iam/records.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** The last report of an account, in collection `iam.credential-report`. */
export interface CredentialReportRecord {
  readonly generatedAt: EpochMillis
  readonly content: string
}

export const reportKey = (account: AccountId): RecordKey => ({
  collection: 'iam.credential-report',
  account,
  region: GLOBAL_REGION,
  id: 'report',
})

/** How long a report is good for. @source IAM user guide, "Getting credential reports" */
export const REPORT_MILLIS: number = 4 * 60 * 60 * 1_000

const COLUMNS =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,' +
  'access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,' +
  'access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,' +
  'cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated'
const NONE = 'N/A'

/** The report as AWS writes it: CSV, the root user first. */
export async function writeReport(records: RecordStore, account: AccountId, now: EpochMillis): Promise<string> {
  const users = await allRecords<UserRecord>(records, USERS, account)
  const root = await findAccount(records, account)
  const rows = [
    await rootRow(records, account, root ?? { createdAt: now, accessKeyIds: [] }),
    ...(await Promise.all(users.map((user) => userRow(records, account, user, root)))),
  ]
  return [COLUMNS, ...rows.map((row) => row.join(','))].join('\n')
}

async function rootRow(records: RecordStore, account: AccountId, root: AccountRecord): Promise<readonly string[]> {
  const password = ['not_supported', 'no_information', 'not_supported', 'not_supported']
  const mfa = String((root.mfaDevices ?? []).length > 0)
  const keys = await keyCells(records, account, root.accessKeyIds)
  const certificates = certificateCells(await itemsOfRoot(records, account, SIGNING_CERTIFICATES))
  return ['<root_account>', rootArn(account), dateOf(root.createdAt), ...password, mfa, ...keys, ...certificates]
}

async function userRow(
  records: RecordStore,
  account: AccountId,
  user: UserRecord,
  root: AccountRecord | undefined,
): Promise<readonly string[]> {
  const maxAge = root?.passwordPolicy?.maxAge
  const { login } = user
  const password =
    login === undefined
      ? ['false', NONE, NONE, NONE]
      : [
          'true',
          'no_information',
          dateOf(login.changedAt),
          maxAge === undefined ? NONE : dateOf(login.changedAt + maxAge * 86_400_000),
        ]
  const mfa = String((user.mfaDevices ?? []).length > 0)
  const keys = await keyCells(records, account, user.accessKeyIds)
  const arn = userArn(account, user.path, user.userName)
  const certificates = certificateCells(await itemsOf(records, account, SIGNING_CERTIFICATES, user.userId))
  return [cell(user.userName), cell(arn), dateOf(user.createdAt), ...password, mfa, ...keys, ...certificates]
}

/** Whether each of two certificates is active, and since when it is there. */
const certificateCells = (items: readonly HeldItem[]): readonly string[] =>
  [0, 1].flatMap((index) => {
    const item = items[index]
    return item === undefined ? ['false', NONE] : [String(item.status === 'Active'), dateOf(item.uploadedAt)]
  })

/** Names may hold commas. */
const cell = (text: string): string => (text.includes(',') ? `"${text}"` : text)

async function keyCells(records: RecordStore, account: AccountId, ids: readonly string[]): Promise<readonly string[]> {
  const [first, second] = await Promise.all([0, 1].map((index) => cellsOfKey(records, account, ids[index])))
  return [...(first ?? []), ...(second ?? [])]
}

async function cellsOfKey(
  records: RecordStore,
  account: AccountId,
  id: string | undefined,
): Promise<readonly string[]> {
  const found = id === undefined ? undefined : await records.get<AccessKeyRecord>(accessKeyKey(account, id))
  if (found === undefined || id === undefined) return ['false', NONE, NONE, NONE, NONE]
  const [last] = await usesBy(records, account, id)
  const used = last === undefined ? [NONE, NONE, NONE] : [dateOf(last.at), last.region, last.service]
  return [String(found.value.status === 'Active'), dateOf(found.value.createdAt), ...used]
}

const dateOf = (at: EpochMillis): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`

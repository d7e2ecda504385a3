import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import { GLOBAL_REGION } from '#kernel/ids.ts'
import type { Principal } from '#kernel/principal.ts'
import type { RoleRecord } from '#services/iam/records.ts'
import { namespaceOf } from '#services/iam/service-access.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** When somebody last called a service, in collection `iam.last-used` by `<id> <service>` of a key, user or role. */
export interface LastUsedRecord {
  readonly at: EpochMillis
  /** What the service's actions begin with, e.g. `logs`. */
  readonly service: string
  readonly region: Region
}

const LAST_USED = 'iam.last-used'
const keyOf = (account: AccountId, id: string, service: string): RecordKey => ({
  collection: LAST_USED,
  account,
  region: GLOBAL_REGION,
  id: `${id} ${service}`,
})

/** How old a date may be before a new one is written; AWS's own is no finer. */
const GRAIN_MILLIS = 60_000
const MOST_REMEMBERED = 10_000

/**
 * Notes who called what. What was written lately is remembered, so that a busy key does not write with every call, and
 * nobody waits for it: a date that is lost in a crash is written with the next call.
 */
export function lastUsedNotes(records: RecordStore) {
  const written = new Map<string, EpochMillis>()
  const note = (account: AccountId, id: string, use: LastUsedRecord): void => {
    const name = `${id} ${use.service} ${use.region}`
    const before = written.get(name)
    if (before !== undefined && use.at - before < GRAIN_MILLIS) return
    written.delete(name)
    written.set(name, use.at)
    const [oldest] = written.keys()
    if (written.size > MOST_REMEMBERED && oldest !== undefined) written.delete(oldest)
    records.commit([{ kind: 'put', key: keyOf(account, id, use.service), value: use }]).catch(() => {
      written.delete(name)
    })
  }
  return (accessKeyId: string, at: EpochMillis, service: string, region: Region, principal: Principal): void => {
    const use = { at, service: namespaceOf(service), region }
    if (accessKeyId.startsWith('AKIA')) note(principal.account, accessKeyId, use)
    const id = idOf(principal)
    if (id !== undefined) note(principal.account, id, use)
  }
}

function idOf(principal: Principal): string | undefined {
  if (principal.kind === 'user') return principal.userId
  if (principal.kind === 'role') return principal.roleId
  return principal.kind === 'root' ? principal.account : undefined
}

/** Each service that an access key, user or role called, newest first. */
export async function usesBy(records: RecordStore, account: AccountId, id: string): Promise<readonly LastUsedRecord[]> {
  const found = await records.list<LastUsedRecord>(LAST_USED, account, GLOBAL_REGION, { prefix: `${id} ` })
  return found.map(({ value }) => value).toSorted((a, b) => b.at - a.at)
}

/** `RoleLastUsed`; empty for a role that nobody used. */
export async function roleLastUsed(
  records: RecordStore,
  account: AccountId,
  { roleId }: RoleRecord,
): Promise<{ readonly LastUsedDate?: EpochMillis; readonly Region?: string }> {
  const [last] = await usesBy(records, account, roleId)
  return last === undefined ? {} : { LastUsedDate: last.at, Region: last.region }
}

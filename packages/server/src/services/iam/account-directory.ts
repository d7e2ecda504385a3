import type { Clock } from '#kernel/clock.ts'
import type { RootKey } from '#kernel/config.ts'
import { AwsError } from '#kernel/errors.ts'
import { type AccountId, type EpochMillis, GLOBAL_REGION, isAccountId } from '#kernel/ids.ts'
import type { Sealer } from '#kernel/secrets.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { givenKeyKey, isKeyId, isTaken } from '#services/iam/given-keys.ts'
import { accountOfAccessKeyId, newAccessKeyId, newSecret } from '#services/iam/iam-ids.ts'
import { requireKeyHolder } from '#services/iam/key-holder.ts'
import { MAX_ACCESS_KEYS } from '#services/iam/limits.ts'
import { wholeSecond } from '#services/iam/operation.ts'
import { type AccessKeyRecord, accessKeyKey, secretContext } from '#services/iam/records.ts'
import { DEFAULT_ACCOUNT } from '#services/iam/root-keys.ts'
import { type IssuedSession, issueSession } from '#services/iam/sessions.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** An account to be made. */
export interface NewAccount {
  readonly id: string
  /** What people call it; its id when left out. */
  readonly name?: string
  /** A root key that was chosen elsewhere; left out: one is made. */
  readonly key?: { readonly accessKeyId: string; readonly secret: string }
}

/** An account that the platform knows of. */
export interface KnownAccount {
  readonly id: AccountId
  readonly name: string
  /** Left out: it was not made, it is there by configuration. */
  readonly createdAt?: EpochMillis
}

/** Credentials of an account's root user for a while; times in epoch milliseconds. */
export interface RootSession extends IssuedSession {
  readonly expiresAt: EpochMillis
}

/** The accounts of the platform, which have nothing in common but the machine. */
export interface AccountDirectory {
  /**
   * Makes an account and its root key; the answer is the only place where the secret is ever readable.
   * @throws AwsError InvalidInput 400, EntityAlreadyExists 409
   */
  create(account: NewAccount): Promise<KnownAccount & { readonly accessKeyId: string; readonly secret: string }>
  /** Accounts that were made, that configuration names, and the platform's own; by id. */
  list(): Promise<readonly KnownAccount[]>
  /** `undefined`: there is no such account here. */
  find(id: string): Promise<KnownAccount | undefined>
  /** Credentials of the account's root user for an hour; the same ones while more than half of it is left. */
  rootSession(id: AccountId): Promise<RootSession>
}

export interface AccountDirectoryDeps {
  readonly records: RecordStore
  readonly sealer: Sealer
  readonly clock: Clock
  /** Configured and generated root keys. */
  readonly rootKeys: readonly RootKey[]
  /** Whether every 12-digit key id is the root of its account, so that every account is there. */
  readonly loopback: boolean
}

interface AccountEntry {
  readonly name: string
  readonly createdAt: EpochMillis
}

const COLLECTION = 'platform.account'
const SESSION_MILLIS = 60 * 60 * 1_000
/** @source AWS Organizations API model, AccountName */
const NAME = /^[ -~]{1,50}$/
/** A secret that people can guess would open everything. */
const MIN_SECRET_CHARS = 16
const MAX_SECRET_CHARS = 128

const keyOf = (id: AccountId): RecordKey => ({ collection: COLLECTION, account: '-', region: GLOBAL_REGION, id })
const invalid = (message: string): AwsError => new AwsError('InvalidInput', 400, message)
const exists = (message: string): AwsError => new AwsError('EntityAlreadyExists', 409, message)

/** The directory, kept in collection `platform.account`; root keys are access keys of IAM like those of users. */
export function accountDirectory(deps: AccountDirectoryDeps): AccountDirectory {
  const { records, sealer, clock, rootKeys, loopback } = deps
  const configured = new Set<AccountId>([DEFAULT_ACCOUNT, ...rootKeys.map(({ account }) => account)])
  const sessions = new Map<AccountId, RootSession>()

  const find = async (id: string): Promise<KnownAccount | undefined> => {
    if (!isAccountId(id)) return undefined
    const found = await records.get<AccountEntry>(keyOf(id))
    if (found !== undefined) return { id, ...found.value }
    return loopback || configured.has(id) ? { id, name: id } : undefined
  }

  return {
    find,
    async create({ id, name = id, key }) {
      if (!isAccountId(id)) throw invalid(`An account id has twelve digits, and ${JSON.stringify(id)} has not.`)
      if (!NAME.test(name)) throw invalid('The name of an account has 1 to 50 printable ASCII characters.')
      if (key !== undefined) await checkGivenKey(deps, id, key)
      const createdAt = wholeSecond(clock.now())
      const accessKeyId = key?.accessKeyId ?? newAccessKeyId(id)
      const secret = key?.secret ?? newSecret()
      await retryConflicts(async () => {
        if ((await records.get(keyOf(id))) !== undefined) throw exists(`The account ${id} was made before.`)
        const holder = await requireKeyHolder(records, id, { kind: 'root' }, createdAt)
        if (holder.accessKeyIds.length >= MAX_ACCESS_KEYS)
          throw exists(`The root user of ${id} has ${String(MAX_ACCESS_KEYS)} access keys already.`)
        const sealedSecret = sealer.seal(secret, secretContext(id, accessKeyId))
        const value: AccessKeyRecord = { owner: { kind: 'root' }, status: 'Active', createdAt, sealedSecret }
        const entry: AccountEntry = { name, createdAt }
        await records.commit([
          { kind: 'put', key: keyOf(id), value: entry, expect: 0 },
          holder.withKeys([...holder.accessKeyIds, accessKeyId]),
          { kind: 'put', key: accessKeyKey(id, accessKeyId), value, expect: 0 },
          ...(key === undefined
            ? []
            : [{ kind: 'put', key: givenKeyKey(accessKeyId), value: { account: id } } as const]),
        ])
      })
      return { id, name, createdAt, accessKeyId, secret }
    },
    async list() {
      const made = await records.listAll<AccountEntry>(COLLECTION)
      const known = new Map<string, KnownAccount>([...configured].map((id) => [id, { id, name: id }]))
      for (const { key, value } of made) known.set(key.id, { id: key.id as AccountId, ...value })
      return [...known.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    },
    async rootSession(account) {
      const now = clock.now()
      const held = sessions.get(account)
      if (held !== undefined && held.expiresAt - now > SESSION_MILLIS / 2) return held
      const issuedAt = wholeSecond(now)
      const expiresAt = issuedAt + SESSION_MILLIS
      const made = { account, subject: { kind: 'root' }, issuedAt, expiresAt, session: { byPlatform: true } } as const
      const session = { ...(await issueSession(records, sealer, made)), expiresAt }
      sessions.set(account, session)
      return session
    },
  }
}

/** @throws AwsError InvalidInput, EntityAlreadyExists */
async function checkGivenKey(
  { records, rootKeys }: AccountDirectoryDeps,
  account: AccountId,
  { accessKeyId, secret }: NonNullable<NewAccount['key']>,
): Promise<void> {
  if (!isKeyId(accessKeyId)) throw invalid('An access key id has 4 to 128 letters, digits and underscores.')
  if (secret.length < MIN_SECRET_CHARS || secret.length > MAX_SECRET_CHARS)
    throw invalid(`A secret has ${String(MIN_SECRET_CHARS)} to ${String(MAX_SECRET_CHARS)} characters.`)
  const carried = accountOfAccessKeyId(accessKeyId)
  if (accessKeyId.startsWith('ASIA') || (carried !== undefined && carried !== account))
    throw invalid(`The access key id ${accessKeyId} belongs to another account or to a session; choose another one.`)
  if (rootKeys.some((known) => known.accessKeyId === accessKeyId) || (await isTaken(records, accessKeyId)))
    throw exists(`The access key id ${accessKeyId} is taken; choose another one.`)
}

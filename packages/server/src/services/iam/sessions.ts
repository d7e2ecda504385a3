import { randomBytes } from 'node:crypto'
import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import type { Principal, Session } from '#kernel/principal.ts'
import type { Sealer } from '#kernel/secrets.ts'
import type { Credentials } from '#kernel/service.ts'
import { roleArn, rootArn, userArn } from '#services/iam/arns.ts'
import { newAccessKeyId, newSecret } from '#services/iam/iam-ids.ts'
import { findRole, findUser } from '#services/iam/identities.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** Whom a session stands for. */
export type SessionSubject =
  | { readonly kind: 'root' }
  | { readonly kind: 'user'; readonly userName: string; readonly userId: string }
  | { readonly kind: 'role'; readonly roleName: string; readonly roleId: string; readonly sessionName: string }
  | Pick<Extract<Principal, { kind: 'federated-user' }>, 'kind' | 'name' | 'issuer'>

/** Temporary credentials, in collection `iam.session` by access key id. */
interface SessionRecord {
  readonly subject: SessionSubject
  readonly issuedAt: EpochMillis
  readonly expiresAt: EpochMillis
  readonly session: Session
  /** Secret and token, sealed together. */
  readonly sealed: string
}

/** What a new session is made of; times in epoch milliseconds. */
export interface NewSession {
  readonly account: AccountId
  readonly subject: SessionSubject
  readonly issuedAt: EpochMillis
  readonly expiresAt: EpochMillis
  readonly session: Session
}

export interface IssuedSession {
  readonly accessKeyId: string
  readonly secret: string
  readonly token: string
}

const SESSIONS = 'iam.session'
const EXPIRIES = 'iam.session-expiry'
const TOKEN_BYTES = 192
/** How long an expired session is remembered, so that its bearer is told that it has expired. */
const REMEMBERED_MILLIS = 7 * 24 * 60 * 60 * 1_000
/** Every new session clears away more old ones than it adds, so they cannot pile up. */
const CLEARED_AT_ONCE = 10

const keyIn = (collection: string, account: AccountId, id: string): RecordKey => ({
  collection,
  account,
  region: GLOBAL_REGION,
  id,
})
const contextOf = (account: AccountId, accessKeyId: string): string => `iam.session/${account}/${accessKeyId}`

/** Makes temporary credentials. The answer is the only place where secret and token are ever readable. */
export async function issueSession(records: RecordStore, sealer: Sealer, made: NewSession): Promise<IssuedSession> {
  const { account, ...rest } = made
  const accessKeyId = newAccessKeyId(account, 'ASIA')
  const secret = newSecret()
  const token = randomBytes(TOKEN_BYTES).toString('base64')
  const sealed = sealer.seal(JSON.stringify({ secret, token }), contextOf(account, accessKeyId))
  const value: SessionRecord = { ...rest, sealed }
  await records.commit([
    { kind: 'put', key: keyIn(SESSIONS, account, accessKeyId), value, expect: 0 },
    { kind: 'put', key: keyIn(EXPIRIES, account, expiryId(made.expiresAt, accessKeyId)), value: { accessKeyId } },
    ...(await longExpired(records, account, made.issuedAt)),
  ])
  return { accessKeyId, secret, token }
}

/** Ids in the order of time. */
const expiryId = (expiresAt: EpochMillis, accessKeyId: string): string =>
  `${String(expiresAt).padStart(16, '0')}/${accessKeyId}`

async function longExpired(
  records: RecordStore,
  account: AccountId,
  now: EpochMillis,
): Promise<readonly RecordChange[]> {
  const oldest = await records.list<{ readonly accessKeyId: string }>(EXPIRIES, account, GLOBAL_REGION, {
    limit: CLEARED_AT_ONCE,
  })
  const limit = expiryId(now - REMEMBERED_MILLIS, '')
  return oldest
    .filter(({ key }) => key.id < limit)
    .flatMap(({ key, value }): readonly RecordChange[] => [
      { kind: 'delete', key },
      { kind: 'delete', key: keyIn(SESSIONS, account, value.accessKeyId) },
    ])
}

/** The credentials behind a temporary key. `undefined`: unknown, or whom they stood for is gone. */
export async function findSession(
  records: RecordStore,
  sealer: Sealer,
  account: AccountId,
  accessKeyId: string,
): Promise<Credentials | undefined> {
  const found = await records.get<SessionRecord>(keyIn(SESSIONS, account, accessKeyId))
  if (found === undefined) return undefined
  const { value } = found
  const principal = await principalOf(records, account, accessKeyId, value)
  if (principal === undefined) return undefined
  const opened: unknown = JSON.parse(sealer.open(value.sealed, contextOf(account, accessKeyId)))
  const { secret, token } = opened as { readonly secret: string; readonly token: string }
  return { principal, secret, sessionToken: token, expiresAt: value.expiresAt }
}

async function principalOf(
  records: RecordStore,
  account: AccountId,
  accessKeyId: string,
  { subject, issuedAt, session }: SessionRecord,
): Promise<Principal | undefined> {
  const common = { account, accessKeyId, issuedAt, session }
  switch (subject.kind) {
    case 'root':
      return { kind: 'root', arn: rootArn(account), ...common }
    case 'user': {
      const user = await findUser(records, account, subject.userName)
      if (user?.value.userId !== subject.userId) return undefined
      const { userName, userId, path } = user.value
      return { kind: 'user', arn: userArn(account, path, userName), userName, userId, ...common }
    }
    case 'role': {
      const role = await findRole(records, account, subject.roleName)
      if (role?.value.roleId !== subject.roleId) return undefined
      const { roleName, roleId, path } = role.value
      const { sessionName } = subject
      const arn = `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`
      return { kind: 'role', arn, roleArn: roleArn(account, path, roleName), roleName, roleId, sessionName, ...common }
    }
    case 'federated-user': {
      const { name, issuer } = subject
      const gone = issuer.kind === 'user' && (await findUser(records, account, issuer.name))?.value.userId !== issuer.id
      if (gone) return undefined
      return { kind: 'federated-user', arn: `arn:aws:sts::${account}:federated-user/${name}`, name, issuer, ...common }
    }
    default:
      return subject satisfies never
  }
}

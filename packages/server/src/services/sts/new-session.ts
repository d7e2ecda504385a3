import type { OperationOutput } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { SessionPort } from '#services/iam/port.ts'

type NewSession = Parameters<SessionPort['issue']>[0]
type Credentials = NonNullable<OperationOutput<'sts', 'AssumeRole'>['Credentials']>

/** Temporary credentials as every operation answers them; dates have whole seconds. */
export async function newCredentials(
  sessions: SessionPort,
  made: Omit<NewSession, 'issuedAt' | 'expiresAt'>,
  now: EpochMillis,
  seconds: number,
): Promise<Credentials> {
  const issuedAt = Math.floor(now / 1_000) * 1_000
  const expiresAt = issuedAt + seconds * 1_000
  const { accessKeyId, secret, token } = await sessions.issue({ ...made, issuedAt, expiresAt })
  return { AccessKeyId: accessKeyId, SecretAccessKey: secret, SessionToken: token, Expiration: expiresAt }
}

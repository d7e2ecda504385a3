import type { OperationOutput } from '#kernel/call.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Session } from '#kernel/principal.ts'
import type { AssumableRole, SessionPort } from '#services/iam/port.ts'
import { newCredentials } from '#services/sts/new-session.ts'
import { packedSize } from '#services/sts/session-policies.ts'

type Output = Pick<
  OperationOutput<'sts', 'AssumeRole'>,
  'AssumedRoleUser' | 'Credentials' | 'PackedPolicySize' | 'SourceIdentity'
>

/** Makes a session of a role, however its caller was found to be trusted. @throws AwsError PackedPolicyTooLarge */
export async function openRoleSession(
  sessions: SessionPort,
  role: AssumableRole,
  { sessionName, session, seconds, now }: NewRoleSession,
): Promise<Output> {
  const { account, roleName, roleId } = role
  const packed = packedSize(session)
  const subject = { kind: 'role', roleName, roleId, sessionName } as const
  return {
    AssumedRoleUser: {
      AssumedRoleId: `${roleId}:${sessionName}`,
      Arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
    },
    Credentials: await newCredentials(sessions, { account, subject, session }, now, seconds),
    ...(packed === undefined ? {} : { PackedPolicySize: packed }),
    ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }),
  }
}

interface NewRoleSession {
  readonly sessionName: string
  readonly session: Session
  readonly seconds: number
  readonly now: EpochMillis
}

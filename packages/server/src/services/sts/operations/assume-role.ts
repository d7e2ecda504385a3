import type { OperationInput } from '#kernel/call.ts'
import type { Principal, Session } from '#kernel/principal.ts'
import { roleSeconds } from '#services/sts/durations.ts'
import { stsErrors } from '#services/sts/errors.ts'
import { MAX_CHAINED_SECONDS } from '#services/sts/limits.ts'
import type { StsDeps, StsHandler } from '#services/sts/operation.ts'
import { openRoleSession } from '#services/sts/role-session.ts'
import { takeSecondFactor } from '#services/sts/second-factor.ts'
import { packedSize, readSessionPolicies } from '#services/sts/session-policies.ts'
import { sessionTags } from '#services/sts/session-tags.ts'

type Input = OperationInput<'sts', 'AssumeRole'>

/** The gate has compared the trust policy with the caller; what is left is what the session may be. */
export function assumeRole({ sessions }: Pick<StsDeps, 'sessions'>): StsHandler<'AssumeRole'> {
  return async (input, { account, principal, now }) => {
    if (principal.kind === 'root') throw stsErrors.rootAssumes()
    const role = await sessions.role(input.RoleArn)
    // Deleted since the gate looked.
    if (role === undefined) throw stsErrors.badArn(input.RoleArn)
    const calling = 'session' in principal ? principal.session : undefined
    const session: Session = {
      ...(await readSessionPolicies(sessions, role.account, input)),
      ...sessionTags(input, calling),
      ...sourceIdentity(input, calling),
    }
    const seconds = duration(input, principal, role.maxSessionDuration)
    packedSize(session)
    // Last, so that nothing that is refused uses up a code.
    await takeSecondFactor(sessions, input, { account, principal, now })
    return openRoleSession(sessions, role, { sessionName: input.RoleSessionName, session, seconds, now })
  }
}

/** A source identity stays with a chain of sessions for good. */
function sourceIdentity(
  { SourceIdentity: asked }: Input,
  calling: Session | undefined,
): Pick<Session, 'sourceIdentity'> {
  const held = calling?.sourceIdentity
  if (held !== undefined && asked !== undefined && asked !== held) throw stsErrors.sourceIdentityChanged()
  const kept = held ?? asked
  return kept === undefined ? {} : { sourceIdentity: kept }
}

function duration({ DurationSeconds: asked }: Input, principal: Principal, most: number): number {
  if (principal.kind === 'role' && asked !== undefined && asked > MAX_CHAINED_SECONDS)
    throw stsErrors.durationOverChain()
  return roleSeconds(asked, most)
}

import type { Principal, Session } from '#kernel/principal.ts'
import { stsErrors } from '#services/sts/errors.ts'
import { longTermSubject } from '#services/sts/long-term-subject.ts'
import { DEFAULT_TOKEN_SECONDS, MAX_ROOT_SECONDS } from '#services/sts/limits.ts'
import { newCredentials } from '#services/sts/new-session.ts'
import type { StsDeps, StsHandler } from '#services/sts/operation.ts'
import { packedSize, readSessionPolicies } from '#services/sts/session-policies.ts'
import { sessionTags } from '#services/sts/session-tags.ts'

/** Temporary credentials under another name; they may what both the caller and the session policies allow. */
export function getFederationToken({ sessions }: Pick<StsDeps, 'sessions'>): StsHandler<'GetFederationToken'> {
  return async (input, { account, principal, now }) => {
    const issuer = longTermSubject(principal)
    if (issuer === undefined) throw stsErrors.sessionCalls('GetFederationToken')
    const { Name: name } = input
    const session: Session = {
      ...(await readSessionPolicies(sessions, account, input)),
      ...sessionTags({ Tags: input.Tags }, undefined),
    }
    const packed = packedSize(session)
    const asked = input.DurationSeconds ?? DEFAULT_TOKEN_SECONDS
    const seconds = issuer.kind === 'root' ? Math.min(asked, MAX_ROOT_SECONDS) : asked
    const subject = { kind: 'federated-user', name, issuer: issuerOf(principal) } as const
    return {
      Credentials: await newCredentials(sessions, { account, subject, session }, now, seconds),
      FederatedUser: {
        FederatedUserId: `${account}:${name}`,
        Arn: `arn:aws:sts::${account}:federated-user/${name}`,
      },
      ...(packed === undefined ? {} : { PackedPolicySize: packed }),
    }
  }
}

type Issuer = Extract<Principal, { kind: 'federated-user' }>['issuer']

const issuerOf = (principal: Principal): Issuer =>
  principal.kind === 'user'
    ? { kind: 'user', arn: principal.arn, id: principal.userId, name: principal.userName }
    : { kind: 'root', arn: `arn:aws:iam::${principal.account}:root`, id: principal.account, name: 'root' }

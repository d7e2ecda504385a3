import type { CallContext, OperationInput } from '#kernel/call.ts'
import { messageOf } from '#kernel/errors.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Session } from '#kernel/principal.ts'
import type { AssumableRole, TrustedProvider } from '#services/iam/port.ts'
import { stsErrors } from '#services/sts/errors.ts'
import { roleSeconds } from '#services/sts/durations.ts'
import type { StsDeps, StsHandler } from '#services/sts/operation.ts'
import { parseRoleArn } from '#services/sts/role-arn.ts'
import { openRoleSession } from '#services/sts/role-session.ts'
import { requireTrust } from '#services/sts/federated-trust.ts'
import { readSessionPolicies } from '#services/sts/session-policies.ts'
import { type Jwt, isSignedBy, readJwt } from '#services/sts/web-identity/jwt.ts'
import { type ProviderKeys, providerKeys } from '#services/sts/web-identity/provider-keys.ts'

type Input = OperationInput<'sts', 'AssumeRoleWithWebIdentity'>

/** Nobody signs this call: the token of a provider that the account trusts stands for the caller. */
export function assumeRoleWithWebIdentity({
  sessions,
}: Pick<StsDeps, 'sessions'>): StsHandler<'AssumeRoleWithWebIdentity'> {
  const keysOf = providerKeys()
  return async (input, ctx) => {
    const { arn, account } = parseRoleArn(input.RoleArn)
    const jwt = readJwt(input.WebIdentityToken)
    const { iss, sub } = jwt.claims
    const issuer = iss.replace(/^https:\/\//, '').replace(/\/+$/, '')
    const provider = await sessions.oidcProvider(account, issuer)
    if (provider === undefined) throw stsErrors.noProvider(iss)
    const audience = checkClaims(jwt, provider, ctx.now)
    await checkSignature(jwt, issuer, provider, keysOf, ctx.now)
    ctx.gate.identify({ kind: 'WebIdentityUser', provider: issuer, id: `${audience}:${sub}`, name: sub })
    const role = await sessions.role(arn)
    checkTrust(role, { provider, issuer, audience, jwt, input, ctx })
    const session: Session = {
      ...(await readSessionPolicies(sessions, account, input)),
      provider: provider.arn,
      subject: sub,
    }
    const seconds = roleSeconds(input.DurationSeconds, role.maxSessionDuration)
    const opened = { sessionName: input.RoleSessionName, session, seconds, now: ctx.now }
    return {
      ...(await openRoleSession(sessions, role, opened)),
      SubjectFromWebIdentityToken: sub,
      Audience: audience,
      Provider: provider.arn,
    }
  }
}

/** The client id that the token is for. @throws AwsError InvalidIdentityToken, ExpiredTokenException */
function checkClaims({ claims }: Jwt, { clientIds }: TrustedProvider, now: EpochMillis): string {
  const audience = [claims.azp, ...claims.aud].find((id) => id !== undefined && clientIds.includes(id))
  if (audience === undefined) throw stsErrors.wrongAudience()
  const second = Math.floor(now / 1_000)
  if (claims.exp <= second) throw stsErrors.tokenExpired(second, claims.exp)
  if (claims.nbf !== undefined && claims.nbf > second) throw stsErrors.tokenTooEarly()
  return audience
}

async function checkSignature(
  jwt: Jwt,
  issuer: string,
  { thumbprints }: TrustedProvider,
  keysOf: ProviderKeys,
  now: EpochMillis,
): Promise<void> {
  try {
    if (isSignedBy(jwt, await keysOf(issuer, thumbprints, { now, fresh: false }))) return
    // The provider may have changed its keys since.
    if (isSignedBy(jwt, await keysOf(issuer, thumbprints, { now, fresh: true }))) return
  } catch (error) {
    throw stsErrors.providerUnreachable(messageOf(error))
  }
  throw stsErrors.noVerificationKey()
}

interface Asked {
  readonly provider: TrustedProvider
  readonly issuer: string
  readonly audience: string
  readonly jwt: Jwt
  readonly input: Input
  readonly ctx: CallContext
}

/** @throws AccessDenied, the same for a role that does not exist */
function checkTrust(role: AssumableRole | undefined, asked: Asked): asserts role is AssumableRole {
  const { provider, issuer, audience, jwt, input, ctx } = asked
  const { sub, amr } = jwt.claims
  requireTrust(role, ctx, {
    operation: 'AssumeRoleWithWebIdentity',
    roleArn: input.RoleArn,
    provider: provider.arn,
    caller: `${provider.arn}:${audience}:${sub}`,
    permissions: ['sts:AssumeRoleWithWebIdentity'],
    context: {
      'sts:RoleSessionName': input.RoleSessionName,
      [`${issuer}:aud`]: audience,
      [`${issuer}:sub`]: sub,
      ...(amr.length === 0 ? {} : { [`${issuer}:amr`]: amr }),
    },
  })
}

import type { OperationInput } from '#kernel/call.ts'
import type { Session } from '#kernel/principal.ts'
import type { TrustedSamlProvider } from '#services/iam/port.ts'
import { roleSeconds } from '#services/sts/durations.ts'
import { stsErrors } from '#services/sts/errors.ts'
import { requireTrust } from '#services/sts/federated-trust.ts'
import type { StsDeps, StsHandler } from '#services/sts/operation.ts'
import { parseRoleArn } from '#services/sts/role-arn.ts'
import { openRoleSession } from '#services/sts/role-session.ts'
import { type Assertion, readAssertion, responseText } from '#services/sts/saml/assertion.ts'
import { type Claims, offersRole, readClaims } from '#services/sts/saml/claims.ts'
import { nameQualifier, samlKeys, subjectType } from '#services/sts/saml/condition-keys.ts'
import { checkValidity } from '#services/sts/saml/validity.ts'
import { readSessionPolicies } from '#services/sts/session-policies.ts'
import { sessionTags } from '#services/sts/session-tags.ts'

type Input = OperationInput<'sts', 'AssumeRoleWithSAML'>

/** Nobody signs this call: the response of a provider that the account trusts stands for the caller. */
export function assumeRoleWithSaml({ sessions }: Pick<StsDeps, 'sessions'>): StsHandler<'AssumeRoleWithSAML'> {
  return async (input, ctx) => {
    const { account } = parseRoleArn(input.RoleArn)
    const provider = await sessions.samlProvider(account, input.PrincipalArn)
    if (provider === undefined) throw stsErrors.noSamlProvider()
    const assertion = authenticAssertion(input, provider, ctx.now)
    const qualifier = nameQualifier(assertion.issuer, account, provider.name)
    const { subject } = assertion
    ctx.gate.identify({ kind: 'SAMLUser', provider: qualifier, id: subject, name: subject })
    const { recipient } = checkValidity(assertion, ctx.now)
    const claims = readClaims(assertion)
    const role = await sessions.role(input.RoleArn)
    requireTrust(role, ctx, {
      operation: 'AssumeRoleWithSAML',
      roleArn: input.RoleArn,
      provider: provider.arn,
      caller: `${provider.arn}:${assertion.subject}`,
      permissions: [
        'sts:AssumeRoleWithSAML',
        ...(claims.tags.length === 0 ? [] : ['sts:TagSession']),
        ...(claims.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
      ],
      context: {
        ...samlKeys(assertion, { recipient, account, providerName: provider.name }),
        ...claimKeys(claims, input),
      },
    })
    const session: Session = {
      ...(await readSessionPolicies(sessions, account, input)),
      ...sessionTags({ Tags: claims.tags, TransitiveTagKeys: claims.transitiveTagKeys }, undefined),
      ...(claims.sourceIdentity === undefined ? {} : { sourceIdentity: claims.sourceIdentity }),
      provider: provider.arn,
      subject: assertion.subject,
      saml: { nameQualifier: qualifier, subjectType: subjectType(assertion) },
    }
    const seconds = secondsOf(input, claims, assertion, { most: role.maxSessionDuration, now: ctx.now })
    const opened = { sessionName: claims.sessionName, session, seconds, now: ctx.now }
    return {
      ...(await openRoleSession(sessions, role, opened)),
      Subject: assertion.subject,
      SubjectType: subjectType(assertion),
      Issuer: assertion.issuer,
      Audience: recipient,
      NameQualifier: qualifier,
    }
  }
}

/** @throws AwsError InvalidIdentityToken, IDPRejectedClaim; AccessDenied for a role that the assertion does not offer */
function authenticAssertion(input: Input, provider: TrustedSamlProvider, now: number): Assertion {
  if (provider.validUntil <= now) throw stsErrors.samlProviderEnded()
  const document = responseText(input.SAMLAssertion)
  const assertion = document === undefined ? 'not-saml' : readAssertion(document, provider.certificates)
  if (assertion === 'not-saml') throw stsErrors.notSaml()
  if (assertion === 'rejected') throw stsErrors.idpRejected()
  if (assertion === 'not-signed') throw stsErrors.samlSignature()
  if (assertion.issuer !== provider.entityId) throw stsErrors.samlIssuer()
  if (!offersRole(assertion, input.RoleArn, provider.arn)) throw stsErrors.samlNotOffered()
  return assertion
}

/** The shorter of what is asked for and what is left of the session at the provider. */
function secondsOf(
  input: Input,
  { sessionDuration }: Claims,
  { sessionNotOnOrAfter }: Assertion,
  { most, now }: { readonly most: number; readonly now: number },
): number {
  const asked = roleSeconds(input.DurationSeconds ?? sessionDuration, most)
  if (sessionNotOnOrAfter === undefined) return asked
  const left = Math.floor((sessionNotOnOrAfter - now) / 1_000)
  if (left <= 0) throw stsErrors.samlExpired()
  return Math.min(asked, left)
}

const claimKeys = (claims: Claims, { DurationSeconds }: Input) => ({
  'sts:RoleSessionName': claims.sessionName,
  ...(DurationSeconds === undefined ? {} : { 'sts:DurationSeconds': String(DurationSeconds) }),
  ...(claims.sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': claims.sourceIdentity }),
  ...(claims.transitiveTagKeys.length === 0 ? {} : { 'sts:TransitiveTagKeys': claims.transitiveTagKeys }),
  ...(claims.tags.length === 0
    ? {}
    : {
        ...Object.fromEntries(claims.tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
        'aws:TagKeys': claims.tags.map(({ Key }) => Key),
      }),
})

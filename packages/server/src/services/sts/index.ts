import type { Service } from '#kernel/service.ts'
import { stsAccess } from '#services/sts/actions.ts'
import type { StsDeps } from '#services/sts/operation.ts'
import { assumeRoleWithSaml } from '#services/sts/operations/assume-role-with-saml.ts'
import { assumeRoleWithWebIdentity } from '#services/sts/operations/assume-role-with-web-identity.ts'
import { assumeRole } from '#services/sts/operations/assume-role.ts'
import { decodeAuthorizationMessage } from '#services/sts/operations/decode-authorization-message.ts'
import { getAccessKeyInfo } from '#services/sts/operations/get-access-key-info.ts'
import { getCallerIdentity } from '#services/sts/operations/get-caller-identity.ts'
import { getFederationToken } from '#services/sts/operations/get-federation-token.ts'
import { getSessionToken } from '#services/sts/operations/get-session-token.ts'

const CREDENTIALS = ['SecretAccessKey', 'SessionToken']

/** STS: who the caller is, and temporary credentials. */
export const stsService = (deps: StsDeps): Service<'sts'> => ({
  name: 'sts',
  operations: {
    GetCallerIdentity: getCallerIdentity,
    AssumeRole: assumeRole(deps),
    AssumeRoleWithSAML: assumeRoleWithSaml(deps),
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity(deps),
    DecodeAuthorizationMessage: decodeAuthorizationMessage(deps),
    GetSessionToken: getSessionToken(deps),
    GetFederationToken: getFederationToken(deps),
    GetAccessKeyInfo: getAccessKeyInfo(deps),
  },
  access: stsAccess(deps),
  eventSource: 'sts.amazonaws.com',
  // As with AWS's regional endpoints, calls are recorded in the region they were signed for.
  global: false,
  secrets: {
    AssumeRole: [...CREDENTIALS, 'TokenCode'],
    AssumeRoleWithSAML: [...CREDENTIALS, 'SAMLAssertion'],
    AssumeRoleWithWebIdentity: [...CREDENTIALS, 'WebIdentityToken'],
    GetSessionToken: [...CREDENTIALS, 'TokenCode'],
    GetFederationToken: CREDENTIALS,
  },
  // The resource policy of a role is its trust policy.
  resourcePolicies: async ({ resource, resourcePolicyRequired }) => {
    const role = resourcePolicyRequired === true ? await deps.sessions.role(resource) : undefined
    return role === undefined ? [] : [role.trust]
  },
})

export type { Effect, Policy, PolicyKind, PolicyVersion, SourcePosition, SourceRange, Statement } from './policy.ts'
export type {
  AnonymousIdentity,
  AuthorizationRequest,
  Context,
  ContextValue,
  FederatedIdentity,
  FederatedUserIdentity,
  NamedPolicy,
  Policies,
  PrincipalIdentity,
  RoleSessionIdentity,
  RootIdentity,
  ServiceIdentity,
  UserIdentity,
} from './request.ts'
export type {
  ConditionReport,
  Decision,
  MatchedStatement,
  PolicyType,
  PolicyTypeOutcome,
  StatementReference,
  UnmatchedStatement,
} from './decision.ts'
export { MAX_MATCHED, MAX_UNMATCHED } from './decision.ts'
export type { PrincipalMatch } from './evaluate/principal.ts'
export { PolicySyntaxError } from './syntax-error.ts'
export { MAX_POLICY_LENGTH, parsePolicy } from './parse.ts'
export { type PolicyCache, type PolicyCacheLimits, cachedPolicy, createPolicyCache } from './cache.ts'
export { printPolicy } from './print.ts'
export { contextKeys } from './context-keys.ts'
export { decide, type DecideOptions } from './decide.ts'
export { denialMessage, type DenialMessageOptions } from './message.ts'
export { explain } from './explain.ts'
export { compileGlob, matchGlob } from './text/glob.ts'
export { type KeyGrant, grantPolicies, isKey } from './services/kms.ts'
export {
  type PublicAccessBlock,
  isPublicPolicy,
  keepsOut,
  ownerEnforcedTakes,
  refusesPolicy,
  strictestBlock,
} from './services/s3-public.ts'

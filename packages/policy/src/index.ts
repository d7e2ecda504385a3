export type {
  Effect,
  Policy,
  PolicyKind,
  PolicyVersion,
  SourcePosition,
  SourceRange,
  Statement,
} from './policy.ts'
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
export { MAX_UNMATCHED } from './decision.ts'
export { PolicySyntaxError } from './syntax-error.ts'
export { parsePolicy } from './parse.ts'
export { cachedPolicy } from './cache.ts'
export { decide, type DecideOptions } from './decide.ts'
export { denialMessage, type DenialMessageOptions } from './message.ts'
export { explain } from './explain.ts'

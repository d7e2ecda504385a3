import type { Policy } from './policy.ts'

/**
 * The value of a condition key: a string is a single-valued key, a list a multi-valued one (even a list of one). A list
 * without values is a key that is absent.
 */
export type ContextValue = string | readonly string[]

/**
 * The request's condition keys. Names are compared without case. A key given twice in different case cannot be
 * evaluated: a policy that refers to it makes the decision a denial.
 */
export type Context = Readonly<Record<string, ContextValue>>

/** Who makes the request: what `Principal` elements are compared with. */
export type PrincipalIdentity =
  | RootIdentity
  | UserIdentity
  | RoleSessionIdentity
  | FederatedUserIdentity
  | FederatedIdentity
  | ServiceIdentity
  | AnonymousIdentity

/** The root user of an account. */
export interface RootIdentity {
  readonly kind: 'root'
  readonly account: string
  /** `arn:aws:iam::<account>:root` */
  readonly arn: string
  /** The account's S3 canonical user id. */
  readonly canonicalUserId?: string
}

export interface UserIdentity {
  readonly kind: 'user'
  readonly account: string
  /** `arn:aws:iam::<account>:user/<path and name>` */
  readonly arn: string
  /** `AIDA…`: what a stored principal becomes once it was resolved. */
  readonly uniqueId?: string
  readonly canonicalUserId?: string
}

/** A session of a role. */
export interface RoleSessionIdentity {
  readonly kind: 'role-session'
  readonly account: string
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly arn: string
  /** `arn:aws:iam::<account>:role/<path and name>` */
  readonly roleArn: string
  /** `AROA…` */
  readonly uniqueId?: string
  /** Service-linked roles are not limited by SCPs and RCPs. */
  readonly serviceLinked?: boolean
  readonly canonicalUserId?: string
}

/** A session from GetFederationToken. */
export interface FederatedUserIdentity {
  readonly kind: 'federated-user'
  readonly account: string
  /** `arn:aws:sts::<account>:federated-user/<name>` */
  readonly arn: string
  /** The user that asked for the session; the root ARN when root did. */
  readonly userArn: string
}

/** Someone an identity provider vouches for: the caller of AssumeRoleWithWebIdentity and AssumeRoleWithSAML. */
export interface FederatedIdentity {
  readonly kind: 'federated'
  /** The provider as policies name it: its ARN, or a domain such as `accounts.google.com`. */
  readonly provider: string
  readonly account?: string
  /** How messages name the caller. */
  readonly arn?: string
}

/** An AWS service acting by itself; only resource policies can allow it something. */
export interface ServiceIdentity {
  readonly kind: 'service'
  /** e.g. `mq.amazonaws.com` */
  readonly service: string
  /** Further names of the service (`aws:PrincipalServiceNamesList`), e.g. `logs.us-east-1.amazonaws.com`. */
  readonly otherNames?: readonly string[]
  readonly account?: string
  /** How messages name the caller. */
  readonly arn?: string
}

/** An unsigned request. */
export interface AnonymousIdentity {
  readonly kind: 'anonymous'
  readonly account?: string
  readonly arn?: string
}

/** One action on one resource by one principal. */
export interface AuthorizationRequest {
  readonly principal: PrincipalIdentity
  /** e.g. `logs:PutLogEvents` */
  readonly action: string
  /** The resource's ARN, or `*` for actions without a resource. */
  readonly resource: string
  /** The account that owns the resource; another one than the principal's makes the request cross-account. */
  readonly resourceAccount: string
  readonly context: Context
  /**
   * The resource trusts its own account only as far as its policy says so (KMS keys, roles being assumed): without an
   * Allow there nobody gets in, not even the root user. Trust policies imply it.
   */
  readonly resourcePolicyRequired?: boolean
}

/** A policy with the name explanations give it. */
export interface NamedPolicy {
  readonly name: string
  readonly arn?: string
  readonly policy: Policy
}

/**
 * Every policy that speaks about a request. A limiter that is left out does not limit; one that is an empty list
 * allows nothing.
 */
export interface Policies {
  /** Of the user with its groups, or of the role. */
  readonly identity: readonly NamedPolicy[]
  /** Of the resource. */
  readonly resource: readonly NamedPolicy[]
  /** The permissions boundary. */
  readonly boundary?: readonly NamedPolicy[]
  /** Session policies; at least one must allow. */
  readonly session?: readonly NamedPolicy[]
  /** Service control policies: one list a level (root, unit, account); every level must allow. */
  readonly scp?: readonly (readonly NamedPolicy[])[]
  /** Resource control policies, in levels as well. */
  readonly rcp?: readonly (readonly NamedPolicy[])[]
  /** The prefixes of the services that RCPs reach, e.g. `s3`; left out: every service. */
  readonly rcpServices?: ReadonlySet<string>
  /** The policy of the network endpoint that the request came through. */
  readonly endpoint?: readonly NamedPolicy[]
}

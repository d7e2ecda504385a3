import type { Policy } from '@sluice/policy'
import type { Apis, Reply } from '@sluice/wire'
import type { Handler, OperationInput, OperationOutput, RequestSource } from '#kernel/call.ts'
import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import type { Principal, ServicePrincipal, Tag } from '#kernel/principal.ts'

/** One permission that an input needs; every one of an operation's checks must be allowed. */
export interface AccessCheck {
  /** e.g. `logs:PutLogEvents`. */
  readonly action: string
  /** The resource's ARN, or `*` for actions without a resource. */
  readonly resource: string
  /** How denials name the resource where AWS does not print its ARN, e.g. `user bob` for most of IAM. */
  readonly shownAs?: string
  /** Service condition keys and tags of the request: key → one value or several. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  /** The account that owns the resource; left out: the one in which the call acts. */
  readonly resourceAccount?: AccountId
  /** The resource lets nobody in by itself, not even its own account: without an Allow of its policy the call is denied. */
  readonly resourcePolicyRequired?: boolean
  /** The denial does not say why, so that nobody can probe for names. */
  readonly brief?: boolean
  /** The whole text of the denial, where AWS has one of its own for this check. */
  readonly denialText?: string
}

/** How a service words its denials, as far as it is not as most services do; code and status are those of its protocol. */
export interface DenialForm {
  /** What stands before the sentence, e.g. EC2's `You are not authorized to perform this operation. `. */
  readonly opening?: string
  /** The resource stands in double quotes. */
  readonly quotesResource?: boolean
  /** All that callers of another account are told; left out: the sentence without its reason. */
  readonly acrossAccounts?: string
  /** Denials end with a message that only STS's DecodeAuthorizationMessage can read. */
  readonly encodes?: boolean
}

/** What `authorize` may look at beside the input. */
export interface AccessScope {
  readonly account: AccountId
  readonly region: Region
  readonly principal: Principal
  /** Services through which the principal's request came; left out: none. */
  readonly calledVia?: readonly ServicePrincipal[]
  /** Left out where no request came from outside. */
  readonly source?: RequestSource
}

/** How one operation is authorised and recorded; a service's `actions.ts` has one for every operation it built. */
export interface OperationAccess<Input> {
  /** Data calls are recorded only when a trail selects them. */
  readonly category: 'management' | 'data'
  /** CloudTrail's `readOnly`; a read's response is not recorded. */
  readonly readOnly: boolean
  /** A read whose response is recorded all the same, because it says which session was made; its secrets are masked. */
  readonly responseRecorded?: boolean
  /** The checks for this input. `'none'`: the operation needs no permission, e.g. GetCallerIdentity. */
  readonly checks:
    | 'none'
    | ((input: Input, scope: AccessScope) => readonly AccessCheck[] | Promise<readonly AccessCheck[]>)
  /**
   * The account in which an unsigned call acts, for operations that need no signature. One whose model asks for a
   * signature is open to callers without one where this is there; policies decide about them as about everybody.
   */
  readonly unsignedAccount?: (input: Input) => AccountId | undefined | Promise<AccountId | undefined>
  /** CloudTrail's `resources`, with their CloudFormation-style types, from what the call was given and answered. */
  readonly resources?: (
    input: Input,
    output: Readonly<Record<string, unknown>> | undefined,
    scope: AccessScope,
  ) => readonly AuditResource[]
}

/** A resource that a call touched, as CloudTrail names it. */
export interface AuditResource {
  /** e.g. `AWS::AmazonMQ::Broker`. */
  readonly type: string
  readonly name: string
}

/** A call at its end, as far as a service may have more to say about it than the request and the response do. */
export interface RecordedCall {
  readonly operation: string
  /** `undefined`: it could not be read. */
  readonly input: object | undefined
  /** `undefined`: the call failed. */
  readonly output: object | undefined
  readonly source: RequestSource
  /** What is answered. */
  readonly reply: Reply
}

/** A policy together with how explanations name it. */
export interface AttachedPolicy {
  readonly name: string
  readonly arn?: string
  readonly policy: Policy
  /** The document as it was written, for explanations that quote it; left out: nobody has it. */
  readonly text?: string
}

/**
 * A service: its operations and what the gateway needs to know to guard, record and answer them.
 * An operation of the model that is not listed answers 501.
 */
export interface Service<S extends keyof Apis> {
  readonly name: S
  readonly operations: { readonly [O in keyof Apis[S]]?: Handler<OperationInput<S, O>, OperationOutput<S, O>> }
  readonly access: { readonly [O in keyof Apis[S]]?: OperationAccess<OperationInput<S, O>> }
  /** CloudTrail's name of the service, e.g. `amazonmq.amazonaws.com`. */
  readonly eventSource: ServicePrincipal
  /** Global services record in us-east-1 and keep their records under {@link GLOBAL_REGION}. */
  readonly global: boolean
  /** Members (by wire name, at any depth) whose value is written as `***` in records of the operations named. */
  readonly secrets: { readonly [O in keyof Apis[S]]?: readonly string[] }
  /** CloudTrail's `additionalEventData`, at most a few hundred bytes. Left out: records of the service have none. */
  readonly additionalData?: (call: RecordedCall) => Readonly<Record<string, unknown>>
  /** Which resource policies speak about this check. Left out: the service has none. */
  readonly resourcePolicies?: (check: AccessCheck, scope: AccessScope) => Promise<readonly AttachedPolicy[]>
  /**
   * `aws:ResourceTag/…` of the resource of a check that does not give them itself, because to look them up is dear; asked
   * only when a policy speaks of such tags. Left out: the checks have all there are.
   */
  readonly resourceTags?: (check: AccessCheck, scope: AccessScope) => Promise<readonly Tag[]>
  /** How it words its denials; left out: as most services do. */
  readonly denials?: DenialForm
}

/** The secret of an access key and whom it stands for. */
export interface Credentials {
  readonly principal: Principal
  readonly secret: string
  /** Of temporary credentials: the token that must come with every request. */
  readonly sessionToken?: string
  /** Of temporary credentials: when they end, in epoch milliseconds of the platform's clock. */
  readonly expiresAt?: EpochMillis
}

/** All that decides what a principal may, but for the policies of resources. */
export interface PrincipalProfile {
  /** Identity policies of a user with its groups, or of a role. Root and services have none. */
  readonly identity: readonly AttachedPolicy[]
  /** The permissions boundary; left out: there is none. */
  readonly boundary?: readonly AttachedPolicy[]
  /** Session policies; left out: none were given. */
  readonly session?: readonly AttachedPolicy[]
  /** `aws:PrincipalTag`: tags of the user or role, and over them those of the session. */
  readonly tags: readonly Tag[]
}

/** What the gate asks IAM; `services/iam/port.ts` provides it. */
export interface IdentityPort {
  /** The principal and secret behind an access key id. `undefined`: unknown or inactive key. */
  credentials(accessKeyId: string): Promise<Credentials | undefined>
  /** Policies and tags of a principal, in one look so that they fit together. */
  profile(principal: Principal): Promise<PrincipalProfile>
  /** A role as its trust policy and ids. `undefined`: no such role. */
  role(roleArn: string): Promise<
    | {
        readonly roleName: string
        readonly roleId: string
        readonly account: AccountId
        readonly trust: AttachedPolicy
        readonly tags: readonly Tag[]
      }
    | undefined
  >
  /** Notes that a key was used, for GetAccessKeyLastUsed; must not delay the call. */
  keyUsed?(accessKeyId: string, at: EpochMillis, service: string, region: Region, principal: Principal): void
}

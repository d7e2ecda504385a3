import type { Apis } from '@sluice/wire'
import type { Gatekeeper } from '#kernel/gatekeeper.ts'
import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import type { Principal, ServicePrincipal } from '#kernel/principal.ts'

/**
 * How far a source has been read. It travels beside a call as context, never as input, and is committed together with
 * the call's effect; that is what makes a delivery exactly once.
 */
export interface Checkpoint {
  /** Names the source, unique for ever, e.g. `mq/<broker id>/1/general`. At most 200 characters. */
  readonly source: string
  /** Grows with every batch of this source. A call whose sequence is not beyond the committed one changes nothing. */
  readonly sequence: number
  /** Where the source continues after this batch; opaque to everyone but the source. At most 1,000 characters. */
  readonly position: string
}

/** Where a request came from, as audit and policy conditions see it. */
export interface RequestSource {
  readonly ip: string
  readonly userAgent: string
  /** The Host header, when there was one. */
  readonly host?: string
  readonly tls?: { readonly version: string; readonly cipherSuite: string }
  /** How a request from outside was signed; calls within the platform, and those of nobody, are not. */
  readonly signature?: RequestSignature
  /** How many bytes of body came so far; calls within the platform have none. */
  readonly received?: () => number
}

/** A signature, as S3's condition keys speak of it. */
export interface RequestSignature {
  readonly version: 2 | 4
  /** In the `Authorization` header, or in the URL. */
  readonly place: 'header' | 'query'
  /** When it was made, in epoch milliseconds of real time; URLs of version 2 do not say. */
  readonly madeAt?: number
}

/** What a handler knows beside its input. */
export interface CallContext {
  /** UUID of this request; also its `x-amzn-requestid`. */
  readonly requestId: string
  /** The account in which the call acts. */
  readonly account: AccountId
  readonly region: Region
  readonly principal: Principal
  /** Services through which the principal's request came, first one first: `aws:CalledVia`. */
  readonly calledVia: readonly ServicePrincipal[]
  readonly source: RequestSource
  /** The instant of the request on the platform's clock. */
  readonly now: EpochMillis
  /** The only way to another service. */
  readonly call: Call
  /** Permissions that only show while the operation runs. */
  readonly gate: Gatekeeper
  readonly checkpoint?: Checkpoint
  /** Aborts when the caller has gone away or the platform stops. */
  readonly signal: AbortSignal
}

/** A handler: dependencies were bound before; no wire types, no `this`, no `Date.now()`. */
export type Handler<Input, Output> = (input: Input, ctx: CallContext) => Promise<Output> | Output

/** On whose behalf a service calls another one. The same gate as for strangers decides. */
export type CallAs =
  /** Forward access session: the permission of the original caller is checked, `aws:CalledVia` names the service. */
  | { readonly kind: 'caller'; readonly ctx: CallContext; readonly via: ServicePrincipal }
  /** A role that the service assumes: the role must exist and trust the service. */
  | {
      readonly kind: 'role'
      readonly roleArn: string
      readonly sessionName: string
      readonly service: ServicePrincipal
      readonly sourceArn: string
      readonly sourceAccount: AccountId
      readonly region: Region
    }
  /** The service itself, acting for one resource: `aws:SourceArn` and `aws:SourceAccount` are set. */
  | {
      readonly kind: 'service'
      readonly service: ServicePrincipal
      readonly sourceArn: string
      readonly sourceAccount: AccountId
      readonly region: Region
    }

/** What may go with a call beside its input. */
export interface CallOptions {
  readonly checkpoint?: Checkpoint
  readonly signal?: AbortSignal
}

/**
 * Calls an operation of another service in process: authorize, invoke, record.
 * @throws AwsError what a stranger would have been answered: denied, not found, throttled, 501 …
 */
export type Call = <S extends keyof Apis, O extends keyof Apis[S] & string>(
  as: CallAs,
  service: S,
  operation: O,
  input: OperationInput<S, O>,
  options?: CallOptions,
) => Promise<OperationOutput<S, O>>

/** The input of an operation, by its model. */
export type OperationInput<S extends keyof Apis, O extends keyof Apis[S]> = Apis[S][O] extends {
  readonly input: infer I
}
  ? I
  : never
/** The output of an operation, by its model. */
export type OperationOutput<S extends keyof Apis, O extends keyof Apis[S]> = Apis[S][O] extends {
  readonly output: infer R
}
  ? R
  : never

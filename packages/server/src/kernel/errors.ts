import type { AuthorizationRequest, Decision, NamedPolicy } from '@sluice/policy'

/** What a client is told when a call fails; `@sluice/wire` writes it in the protocol of the call. */
export interface Fault {
  /** The error's code as AWS names it, e.g. `ResourceNotFoundException`. */
  readonly code: string
  /** HTTP status. */
  readonly status: number
  readonly message: string
  /** Further modelled members by their model names, e.g. `{ErrorAttribute: 'brokerName'}`. */
  readonly members?: Readonly<Record<string, unknown>>
  /** Headers of the answer, lower case, where a service says something in them. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The one error class that operations throw on purpose; everything else that reaches the gateway is an internal error. */
export class AwsError extends Error implements Fault {
  readonly code: string
  readonly status: number
  readonly members: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    status: number,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, { cause })
    this.name = code
    this.code = code
    this.status = status
    this.members = members
  }
}

/** What was asked cannot be answered now, through no fault of the caller's; the gateway answers 503. */
export class Unavailable extends Error {
  /** What a client is told; the message may name paths and is for the log. */
  readonly told: string

  constructor(message: string, told: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Unavailable'
    this.told = told
  }
}

/** What a decision was made of; explanations quote it, answers to clients never do. */
export interface Evidence {
  readonly request: AuthorizationRequest
  readonly policies: {
    readonly identity: readonly QuotablePolicy[]
    readonly resource: readonly QuotablePolicy[]
    readonly boundary?: readonly QuotablePolicy[]
    readonly session?: readonly QuotablePolicy[]
  }
}

interface QuotablePolicy extends NamedPolicy {
  /** The document as it was written. */
  readonly text?: string
}

/** A denial by policy; `decision` says which statement or condition decided, for `sluice why` and `sluice why-denied`. */
export class AccessDenied extends AwsError {
  readonly decision: Decision
  readonly evidence: Evidence | undefined

  constructor(code: string, status: number, message: string, decision: Decision, evidence?: Evidence) {
    super(code, status, message)
    this.decision = decision
    this.evidence = evidence
  }
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

import type { AccessDenied } from '#kernel/errors.ts'
import type { FederatedCaller, ServicePrincipal } from '#kernel/principal.ts'
import type { AccessCheck } from '#kernel/service.ts'

/** A role that a request hands to a service. */
export interface RolePass {
  readonly roleArn: string
  /** Who will assume it: `iam:PassedToService`, and whom its trust policy must let in. */
  readonly service: ServicePrincipal
  /** The resource the role is for, where it is known: `iam:AssociatedResourceArn`, and `aws:SourceArn` of the trust policy. */
  readonly resourceArn?: string
}

/** What the trust policy of a passed role says. */
export interface PassedRole {
  /**
   * Whether the role exists and lets the service assume it. AWS reports a role that does not as a mistake in the input,
   * each service in its own words, so the service says it.
   */
  readonly trusted: boolean
}

/** The gate, for an operation that learns only while it runs what it must be allowed. The caller of the call is judged. */
export interface Gatekeeper {
  /** One more permission of the caller. @throws AccessDenied in the words of the operation's service */
  require(check: AccessCheck): Promise<void>
  /** `iam:PassRole` on the role, and whether the role trusts the service. @throws AccessDenied */
  passRole(pass: RolePass): Promise<PassedRole>
  /**
   * A denial that the operation worked out itself, because only it knows who asks, e.g. whom a token stands for.
   * @throws AccessDenied the same, unless the platform only audits
   */
  settle(denial: AccessDenied): void
  /** Says who asks, for the record of a call that nobody signed; only what was verified may be said. */
  identify(caller: FederatedCaller): void
}

/** For contexts outside of a request: nothing is allowed. */
export const CLOSED_GATE: Gatekeeper = {
  require: ({ action }) => Promise.reject(new Error(`nobody can be asked about ${action} outside of a request`)),
  passRole: ({ roleArn }) => Promise.reject(new Error(`${roleArn} cannot be passed outside of a request`)),
  settle: (denial) => {
    throw denial
  },
  identify: () => {},
}

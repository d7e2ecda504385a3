import type { AccountId } from '#kernel/ids.ts'

/** A service's own name in policies, e.g. `mq.amazonaws.com`. */
export type ServicePrincipal = `${string}.amazonaws.com`

/** A tag of whatever has tags. */
export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** What temporary credentials carry beside whom they stand for. */
export interface Session {
  /** When the caller proved a second factor, in epoch milliseconds; left out: it did not. */
  readonly mfaAt?: number
  readonly sourceIdentity?: string
  /** Tags of the session; each hides the role's or user's tag of the same key. */
  readonly tags?: readonly Tag[]
  /** Keys of the tags that go on to the next session. */
  readonly transitiveTagKeys?: readonly string[]
  /** Session policies: documents that were handed in. */
  readonly policies?: readonly string[]
  /** Session policies: ARNs of managed policies. */
  readonly policyArns?: readonly string[]
  /** Who vouched for the caller: an identity provider's ARN. */
  readonly provider?: string
  /** The provider's name of the caller. */
  readonly subject?: string
  /** Of a SAML provider's subject: what tells it apart from others of its name, and what sort of name it is. */
  readonly saml?: { readonly nameQualifier: string; readonly subjectType: string }
  /** Handed out by the platform to whoever runs it, so that what limits sessions of GetSessionToken does not hold. */
  readonly byPlatform?: boolean
}

interface Temporary {
  /** Epoch milliseconds; only temporary credentials have it. */
  readonly issuedAt?: number
  readonly session?: Session
}

/** Who makes a call, after the signature was verified. */
export type Principal =
  | ({
      readonly kind: 'root'
      readonly account: AccountId
      readonly arn: string
      readonly accessKeyId: string
    } & Temporary)
  | ({
      readonly kind: 'user'
      readonly account: AccountId
      readonly arn: string
      readonly accessKeyId: string
      readonly userName: string
      /** `AIDA…` */
      readonly userId: string
    } & Temporary)
  | {
      /** A session from GetFederationToken. */
      readonly kind: 'federated-user'
      readonly account: AccountId
      /** `arn:aws:sts::<account>:federated-user/<name>` */
      readonly arn: string
      readonly accessKeyId: string
      readonly name: string
      /** The user, or the root user, that asked for it. */
      readonly issuer: {
        readonly kind: 'root' | 'user'
        readonly arn: string
        readonly id: string
        readonly name: string
      }
      readonly issuedAt: number
      readonly session?: Session
    }
  | {
      readonly kind: 'role'
      readonly account: AccountId
      /** The role's own ARN; the session's is `arn`. */
      readonly roleArn: string
      readonly arn: string
      readonly accessKeyId?: string
      readonly roleName: string
      /** `AROA…` */
      readonly roleId: string
      readonly sessionName: string
      readonly issuedAt: number
      readonly session?: Session
    }
  | {
      readonly kind: 'service'
      /** The account of the resource the service acts for. */
      readonly account: AccountId
      readonly service: ServicePrincipal
      /** The resource the service acts for: `aws:SourceArn`. */
      readonly sourceArn: string
      /** `aws:SourceAccount`. */
      readonly sourceAccount: AccountId
    }
  | {
      /** Nobody signed: only operations that need no signature come so far. */
      readonly kind: 'anonymous'
      /** The account in which the call acts. */
      readonly account: AccountId
    }

/** Whom an identity provider vouches for: the caller of a call that nobody signed, once it was found out. */
export interface FederatedCaller {
  readonly kind: 'SAMLUser' | 'WebIdentityUser'
  /** The provider as records name it. */
  readonly provider: string
  /** What tells the caller apart from all others. */
  readonly id: string
  readonly name: string
}

/** How error messages and records name the caller. */
export function principalName(principal: Principal): string {
  if (principal.kind === 'anonymous') return 'anonymous'
  return principal.kind === 'service' ? principal.service : principal.arn
}

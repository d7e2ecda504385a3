import type { AccountId } from '#kernel/ids.ts'

/** A service's own name in policies, e.g. `mq.amazonaws.com`. */
export type ServicePrincipal = `${string}.amazonaws.com`

/** Who makes a call, after the signature was verified. */
export type Principal =
  | { readonly kind: 'root'; readonly account: AccountId; readonly arn: string; readonly accessKeyId: string }
  | {
      readonly kind: 'user'
      readonly account: AccountId
      readonly arn: string
      readonly accessKeyId: string
      readonly userName: string
      /** `AIDA…` */
      readonly userId: string
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

/** How error messages and records name the caller. */
export const principalName = (principal: Principal): string => (principal.kind === 'service' ? principal.service : principal.arn)

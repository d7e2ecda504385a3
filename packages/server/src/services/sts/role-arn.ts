import { type AccountId, isAccountId } from '#kernel/ids.ts'
import { stsErrors } from '#services/sts/errors.ts'

export interface RoleArn {
  readonly arn: string
  readonly account: AccountId
}

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role\/[\w+=,.@/-]+$/

/** @throws AwsError ValidationError for what is no role's ARN */
export function parseRoleArn(arn: string): RoleArn {
  const account = ROLE_ARN.exec(arn)?.[1] ?? ''
  if (!isAccountId(account)) throw stsErrors.badArn(arn)
  return { arn, account }
}

import type { OperationOutput } from '#kernel/call.ts'
import type { Principal } from '#kernel/principal.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { UserRecord } from '#services/iam/records.ts'
import { targetOf } from '#services/iam/target.ts'

/** The user a call about a password is for. @throws AwsError when it would be root */
export function userOf(userName: string | undefined, principal: Principal): string {
  const target = targetOf(userName, principal)
  if (target.kind === 'root') throw iamErrors.userNameNeeded()
  return target.userName
}

/** @throws AwsError NoSuchEntity for a user without a password */
export function loginView({ userName, login }: UserRecord): OperationOutput<'iam', 'GetLoginProfile'>['LoginProfile'] {
  if (login === undefined) throw iamErrors.loginNotFound(userName)
  return { UserName: userName, CreateDate: login.createdAt, PasswordResetRequired: login.resetRequired }
}

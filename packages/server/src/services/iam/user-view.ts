import type { OperationOutput } from '#kernel/call.ts'
import type { AccountId, EpochMillis } from '#kernel/ids.ts'
import { type UserRecord, rootArn, userArn } from '#services/iam/records.ts'

type User = OperationOutput<'iam', 'GetUser'>['User']

/** A user as lists show it: without tags. */
export const listedUser = (account: AccountId, user: UserRecord): User => ({
  Path: user.path,
  UserName: user.userName,
  UserId: user.userId,
  Arn: userArn(account, user.path, user.userName),
  CreateDate: user.createdAt,
})

/** A user as CreateUser and GetUser show it. */
export const fullUser = (account: AccountId, user: UserRecord): User => ({
  ...listedUser(account, user),
  ...(user.tags.length === 0 ? {} : { Tags: user.tags }),
})

/** The root user. AWS answers neither a path nor a name for it, although the model requires both. */
export const rootUser = (account: AccountId, createdAt: EpochMillis): User => {
  const known: Pick<User, 'UserId' | 'Arn' | 'CreateDate'> = {
    UserId: account,
    Arn: rootArn(account),
    CreateDate: createdAt,
  }
  return known as User
}

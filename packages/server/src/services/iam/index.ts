import type { Service } from '#kernel/service.ts'
import { iamAccess } from '#services/iam/actions.ts'
import type { IamDeps } from '#services/iam/operation.ts'
import { createAccessKey } from '#services/iam/operations/create-access-key.ts'
import { createUser } from '#services/iam/operations/create-user.ts'
import { deleteAccessKey } from '#services/iam/operations/delete-access-key.ts'
import { deleteUserPolicy } from '#services/iam/operations/delete-user-policy.ts'
import { deleteUser } from '#services/iam/operations/delete-user.ts'
import { getUserPolicy } from '#services/iam/operations/get-user-policy.ts'
import { getUser } from '#services/iam/operations/get-user.ts'
import { listAccessKeys } from '#services/iam/operations/list-access-keys.ts'
import { listUserPolicies } from '#services/iam/operations/list-user-policies.ts'
import { listUsers } from '#services/iam/operations/list-users.ts'
import { putUserPolicy } from '#services/iam/operations/put-user-policy.ts'

/** IAM: users, their access keys and inline policies. */
export const iamService = (deps: IamDeps): Service<'iam'> => ({
  name: 'iam',
  operations: {
    CreateUser: createUser(deps),
    GetUser: getUser(deps),
    ListUsers: listUsers(deps),
    DeleteUser: deleteUser(deps),
    CreateAccessKey: createAccessKey(deps),
    DeleteAccessKey: deleteAccessKey(deps),
    ListAccessKeys: listAccessKeys(deps),
    PutUserPolicy: putUserPolicy(deps),
    GetUserPolicy: getUserPolicy(deps),
    DeleteUserPolicy: deleteUserPolicy(deps),
    ListUserPolicies: listUserPolicies(deps),
  },
  access: iamAccess(deps),
  eventSource: 'iam.amazonaws.com',
  global: true,
  secrets: { CreateAccessKey: ['SecretAccessKey'] },
})

import { createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { newUniqueId } from '#services/iam/iam-ids.ts'
import { DEFAULT_SESSION_SECONDS } from '#services/iam/limits.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { addUse } from '#services/iam/policy-usage.ts'
import { type RoleRecord, roleKey } from '#services/iam/records.ts'
import { serviceLinkedPath, serviceLinkedRole, serviceTrust } from '#services/iam/service-linked.ts'
import { fullRole } from '#services/iam/views.ts'

/** The role of a service, with the trust and the policy that AWS gives it. None of ours takes a suffix. */
export function createServiceLinkedRole({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateServiceLinkedRole'> {
  return async (input, { account, now }) => {
    const { AWSServiceName: service, CustomSuffix: suffix, Description: description } = input
    const { roleName, policyArn } = serviceLinkedRole(service)
    if (suffix !== undefined) throw iamErrors.noSuffix(service)
    const role: RoleRecord = {
      roleName,
      roleId: newUniqueId('AROA'),
      path: serviceLinkedPath(service),
      createdAt: wholeSecond(now),
      trust: serviceTrust(service),
      maxSessionDuration: DEFAULT_SESSION_SECONDS,
      ...(description === undefined ? {} : { description }),
      policies: {},
      attached: [policyArn],
    }
    const user = { use: 'policy', kind: 'role', name: roleName, id: role.roleId } as const
    const taken = () => iamErrors.serviceRoleTaken(roleName)
    await createEntity(records, roleKey(account, roleName), role, taken, () =>
      addUse(records, account, policyArn, user),
    )
    return { Role: await fullRole(records, account, role) }
  }
}

import type { OperationInput } from '#kernel/call.ts'
import type { OperationAccess } from '#kernel/service.ts'
import { type AccessTarget, accessTo } from '#services/iam/access/target.ts'

type Input = OperationInput<'iam', 'AddRoleToInstanceProfile'>

/** Whoever puts a role into an instance profile hands it to EC2, and must be allowed to pass it. */
export function addRoleAccess(
  profile: AccessTarget<Pick<Input, 'InstanceProfileName'>>,
  role: AccessTarget<Pick<Input, 'RoleName'>>,
): OperationAccess<Input> {
  const access = accessTo<Input>('AddRoleToInstanceProfile', profile)
  return {
    ...access,
    checks: async (input, scope) => {
      const checks = access.checks === 'none' ? [] : await access.checks(input, scope)
      const { resource, context } = await role.check(input, scope)
      const passed = { ...context, 'iam:PassedToService': 'ec2.amazonaws.com' }
      return [...checks, { action: 'iam:PassRole', resource, context: passed }]
    },
  }
}

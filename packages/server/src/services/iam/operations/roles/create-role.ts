import { boundaryChanges } from '#services/iam/boundary.ts'
import { checkName, checkPath, checkTags } from '#services/iam/checks.ts'
import { checkQuota, createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { newUniqueId } from '#services/iam/iam-ids.ts'
import { roles } from '#services/iam/identities.ts'
import { DEFAULT_SESSION_SECONDS, MAX_ROLES } from '#services/iam/limits.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { ROLES, type RoleRecord, roleKey } from '#services/iam/records.ts'
import { readTrust } from '#services/iam/trust.ts'
import { fullRole } from '#services/iam/views.ts'

const QUOTA = { collection: ROLES, quota: 'RolesPerAccount', most: MAX_ROLES } as const

/** Names are unique without case; whom the trust policy names must exist. */
export function createRole({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateRole'> {
  return async (input, { account, now }) => {
    const { RoleName: roleName, Path: path = '/', Tags: tags = [], PermissionsBoundary: boundary } = input
    checkName('roleName', roleName)
    checkPath(path)
    checkTags(tags)
    const trust = await readTrust(records, account, input.AssumeRolePolicyDocument)
    await checkQuota(records, account, QUOTA)
    const made: RoleRecord = {
      roleName,
      roleId: newUniqueId('AROA'),
      path,
      createdAt: wholeSecond(now),
      ...trust,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      maxSessionDuration: input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
      tags,
      policies: {},
    }
    const role: RoleRecord = boundary === undefined ? made : { ...made, boundary }
    const exists = () => iamErrors.entityExists('role', roleName)
    await createEntity(records, roleKey(account, roleName), role, exists, () =>
      boundaryChanges(records, account, roles, made, boundary),
    )
    return { Role: await fullRole(records, account, role) }
  }
}

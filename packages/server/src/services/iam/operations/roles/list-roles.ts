import { checkPathPrefix } from '#services/iam/checks.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOfRecords, startPage, underPath } from '#services/iam/paging.ts'
import { ROLES, type RoleRecord } from '#services/iam/records.ts'
import { listedRole } from '#services/iam/views.ts'

/** Roles whose path begins with `PathPrefix`, by name without case. */
export function listRoles({ records, tokens }: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListRoles'> {
  return async (input, { account }) => {
    const { PathPrefix: pathPrefix = '/' } = input
    checkPathPrefix(pathPrefix)
    const page = startPage(tokens, 'ListRoles', { account, pathPrefix }, input)
    const from = { collection: ROLES, account }
    const [found, end] = await pageOfRecords<RoleRecord>(records, from, page, underPath(pathPrefix))
    return { Roles: await Promise.all(found.map((role) => listedRole(records, account, role))), ...end }
  }
}

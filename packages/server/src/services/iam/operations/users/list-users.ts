import { checkPathPrefix } from '#services/iam/checks.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOfRecords, startPage, underPath } from '#services/iam/paging.ts'
import { USERS, type UserRecord } from '#services/iam/records.ts'
import { listedUser } from '#services/iam/views.ts'

/** Users whose path begins with `PathPrefix`, by name without case. */
export function listUsers({ records, tokens }: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListUsers'> {
  return async (input, { account }) => {
    const { PathPrefix: pathPrefix = '/' } = input
    checkPathPrefix(pathPrefix)
    const page = startPage(tokens, 'ListUsers', { account, pathPrefix }, input)
    const from = { collection: USERS, account }
    const [found, end] = await pageOfRecords<UserRecord>(records, from, page, underPath(pathPrefix))
    return { Users: found.map((user) => listedUser(account, user)), ...end }
  }
}

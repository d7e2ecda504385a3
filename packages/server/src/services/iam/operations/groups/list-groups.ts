import { checkPathPrefix } from '#services/iam/checks.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOfRecords, startPage, underPath } from '#services/iam/paging.ts'
import { GROUPS, type GroupRecord } from '#services/iam/records.ts'
import { groupView } from '#services/iam/views.ts'

/** Groups whose path begins with `PathPrefix`, by name without case. */
export function listGroups({ records, tokens }: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListGroups'> {
  return async (input, { account }) => {
    const { PathPrefix: pathPrefix = '/' } = input
    checkPathPrefix(pathPrefix)
    const page = startPage(tokens, 'ListGroups', { account, pathPrefix }, input)
    const from = { collection: GROUPS, account }
    const [found, end] = await pageOfRecords<GroupRecord>(records, from, page, underPath(pathPrefix))
    return { Groups: found.map((group) => groupView(account, group)), ...end }
  }
}

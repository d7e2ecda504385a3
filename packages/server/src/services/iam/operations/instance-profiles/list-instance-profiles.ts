import { checkPathPrefix } from '#services/iam/checks.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOfRecords, startPage, underPath } from '#services/iam/paging.ts'
import { INSTANCE_PROFILES, type InstanceProfileRecord } from '#services/iam/records.ts'
import { listedInstanceProfile } from '#services/iam/views.ts'

/** Instance profiles whose path begins with `PathPrefix`, by name without case. */
export function listInstanceProfiles({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListInstanceProfiles'> {
  return async (input, { account }) => {
    const { PathPrefix: pathPrefix = '/' } = input
    checkPathPrefix(pathPrefix)
    const page = startPage(tokens, 'ListInstanceProfiles', { account, pathPrefix }, input)
    const from = { collection: INSTANCE_PROFILES, account }
    const [found, end] = await pageOfRecords<InstanceProfileRecord>(records, from, page, underPath(pathPrefix))
    return {
      InstanceProfiles: await Promise.all(found.map((profile) => listedInstanceProfile(records, account, profile))),
      ...end,
    }
  }
}

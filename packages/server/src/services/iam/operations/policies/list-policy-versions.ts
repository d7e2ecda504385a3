import { requireManagedPolicy } from '#services/iam/managed-policies.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { pageOf, startPage } from '#services/iam/paging.ts'
import { listedVersion } from '#services/iam/policy-views.ts'

/** Versions without documents, newest first. */
export function listPolicyVersions({
  records,
  tokens,
}: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListPolicyVersions'> {
  return async (input, { account }) => {
    const { PolicyArn: arn } = input
    const { record } = await requireManagedPolicy(records, account, arn)
    const page = startPage(tokens, 'ListPolicyVersions', { account, arn }, input)
    const [versions, end] = pageOf(page, record.versions, ({ versionId }) => newestFirst(versionId))
    return { Versions: versions.map((version) => listedVersion(record, version)), ...end }
  }
}

const HIGHEST = 999_999_999
/** Texts in the order of falling numbers. */
const newestFirst = (versionId: string): string => String(HIGHEST - Number(versionId.slice(1))).padStart(9, '0')

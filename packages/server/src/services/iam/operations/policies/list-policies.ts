import type { AccountId } from '#kernel/ids.ts'
import type { OperationInput } from '#kernel/call.ts'
import { policyArn } from '#services/iam/arns.ts'
import { awsManagedPolicies } from '#services/iam/aws-managed.ts'
import { checkPathPrefix } from '#services/iam/checks.ts'
import { type ManagedPolicy, awsManaged } from '#services/iam/managed-policies.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { allRecords, pageOf, startPage } from '#services/iam/paging.ts'
import { listedPolicy } from '#services/iam/policy-views.ts'
import { ATTACHMENTS, type AttachmentRecord, POLICIES, type PolicyRecord } from '#services/iam/records.ts'
import { GLOBAL_REGION } from '#kernel/ids.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

type Input = OperationInput<'iam', 'ListPolicies'>

/** The account's policies and AWS's, by ARN. */
export function listPolicies({ records, tokens }: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListPolicies'> {
  return async (input, { account }) => {
    const { PathPrefix: pathPrefix = '/', Scope, OnlyAttached, PolicyUsageFilter } = input
    checkPathPrefix(pathPrefix)
    const asked = { account, pathPrefix, Scope, OnlyAttached, PolicyUsageFilter }
    const page = startPage(tokens, 'ListPolicies', asked, input)
    const inPath = (await policiesOf(records, account, Scope)).filter(({ record }) =>
      record.path.startsWith(pathPrefix),
    )
    const [found, end] = pageOf(page, await usedPolicies(records, account, input, inPath), ({ arn }) => arn)
    return { Policies: await Promise.all(found.map((policy) => listedPolicy(records, account, policy))), ...end }
  }
}

/** Managed policies of a scope: `AWS`, `Local`, or both. */
export async function policiesOf(
  records: RecordStore,
  account: AccountId,
  scope: Input['Scope'] = 'All',
): Promise<readonly ManagedPolicy[]> {
  const local = scope === 'AWS' ? [] : await allRecords<PolicyRecord>(records, POLICIES, account)
  const aws = scope === 'Local' ? [] : [...awsManagedPolicies().keys()].map(awsManaged)
  return [
    ...aws.filter((policy) => policy !== undefined),
    ...local.map((record) => ({ arn: policyArn(account, record.path, record.policyName), record })),
  ]
}

/** `OnlyAttached` and `PolicyUsageFilter` leave the policies that are in use, in that way. */
async function usedPolicies(
  records: RecordStore,
  account: AccountId,
  { OnlyAttached, PolicyUsageFilter }: Input,
  policies: readonly ManagedPolicy[],
): Promise<readonly ManagedPolicy[]> {
  if (OnlyAttached !== true && PolicyUsageFilter === undefined) return policies
  const use = PolicyUsageFilter === 'PermissionsBoundary' ? 'boundary' : 'policy'
  const used = await Promise.all(
    policies.map(async ({ arn }) => {
      const options = { prefix: OnlyAttached === true ? `${arn} ` : `${arn} ${use} `, limit: 1 }
      return (await records.list<AttachmentRecord>(ATTACHMENTS, account, GLOBAL_REGION, options)).length > 0
    }),
  )
  return policies.filter((_policy, index) => used[index])
}

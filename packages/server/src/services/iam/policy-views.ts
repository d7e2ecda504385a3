import type { OperationOutput } from '#kernel/call.ts'
import type { AccountId } from '#kernel/ids.ts'
import { tagsView } from '#services/iam/views.ts'
import type { ManagedPolicy } from '#services/iam/managed-policies.ts'
import { encodeDocument } from '#services/iam/policy-document.ts'
import { usesOf } from '#services/iam/policy-usage.ts'
import type { IdentityRecord, PolicyRecord, PolicyVersionRecord } from '#services/iam/records.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

type Policy = NonNullable<OperationOutput<'iam', 'GetPolicy'>['Policy']>
type PolicyVersion = NonNullable<OperationOutput<'iam', 'GetPolicyVersion'>['PolicyVersion']>
type AttachedPolicy = NonNullable<OperationOutput<'iam', 'ListAttachedUserPolicies'>['AttachedPolicies']>[number]

/** A policy as lists show it: without description and tags. */
export async function listedPolicy(
  records: RecordStore,
  account: AccountId,
  { arn, record }: ManagedPolicy,
): Promise<Policy> {
  const uses = await usesOf(records, account, arn)
  const boundaries = uses.filter(({ value }) => value.use === 'boundary').length
  return {
    PolicyName: record.policyName,
    PolicyId: record.policyId,
    Arn: arn,
    Path: record.path,
    DefaultVersionId: record.defaultVersionId,
    AttachmentCount: uses.length - boundaries,
    PermissionsBoundaryUsageCount: boundaries,
    IsAttachable: true,
    CreateDate: record.createdAt,
    UpdateDate: record.updatedAt,
  }
}

/** A policy as CreatePolicy and GetPolicy show it. */
export const fullPolicy = async (records: RecordStore, account: AccountId, policy: ManagedPolicy): Promise<Policy> => ({
  ...(await listedPolicy(records, account, policy)),
  ...(policy.record.description === undefined ? {} : { Description: policy.record.description }),
  ...tagsView(policy.record),
})

/** A version as lists show it: without its document. */
export const listedVersion = (
  { defaultVersionId }: PolicyRecord,
  { versionId, createdAt }: PolicyVersionRecord,
): PolicyVersion => ({ VersionId: versionId, IsDefaultVersion: versionId === defaultVersionId, CreateDate: createdAt })

export const fullVersion = (policy: PolicyRecord, version: PolicyVersionRecord): PolicyVersion => ({
  ...listedVersion(policy, version),
  Document: encodeDocument(version.document),
})

/** Names stand behind the last slash of an ARN. */
export const attachedView = ({
  attached = [],
}: IdentityRecord): readonly (AttachedPolicy & { readonly PolicyArn: string })[] =>
  attached.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }))

/** Inline policies with their documents, by name. */
export const inlineView = ({
  policies,
}: IdentityRecord): readonly { readonly PolicyName: string; readonly PolicyDocument: string }[] =>
  Object.entries(policies)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([PolicyName, document]) => ({ PolicyName, PolicyDocument: encodeDocument(document) }))

import type { EpochMillis } from '#kernel/ids.ts'
import type { ServicePrincipal } from '#kernel/principal.ts'
import { groupArn } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { checkPolicyDocument } from '#services/logs/policies/check-document.ts'
import type { ResourcePolicies } from '#services/logs/policies/resource-policies.ts'

/** Who writes logs of AWS services, and findings, into log groups. */
export const DELIVERY_SERVICE: ServicePrincipal = 'delivery.logs.amazonaws.com'

const SID = 'AWSLogDeliveryWrite20150319'

/**
 * Lets the delivery service write into a group, by a statement of the group's own policy. As AWS does it, for whoever has the
 * right to set that policy.
 * @throws AwsError OperationAbortedException when the policy changes meanwhile
 */
export async function allowDelivery(policies: ResourcePolicies, group: LogGroup, now: EpochMillis): Promise<void> {
  const existing = await policies.ofGroup(group)
  const document = existing === undefined ? undefined : (JSON.parse(existing.document) as PolicyDocument)
  const statements = [document?.Statement ?? []].flat()
  if (statements.some(({ Sid }) => Sid === SID)) return
  const { account, region } = group.place
  const statement = {
    Sid: SID,
    Effect: 'Allow',
    Principal: { Service: DELIVERY_SERVICE },
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${groupArn(group.place, group.name)}:log-stream:*`,
    Condition: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:aws:logs:${region}:${account}:*` },
    },
  }
  const text = JSON.stringify({ Version: '2012-10-17', ...document, Statement: [...statements, statement] })
  checkPolicyDocument(text)
  const name = existing?.name ?? SID
  await policies.putOfGroup(group, { name, document: text, lastUpdatedTime: now }, existing?.revisionId)
}

interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[]
}

interface Statement {
  readonly Sid?: string
}

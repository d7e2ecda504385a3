import type { CallContext } from '#kernel/call.ts'
import { groupArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { checkPolicyDocument } from '#services/logs/policies/check-document.ts'
import type { ResourcePolicy } from '#services/logs/policies/resource-policies.ts'
import { taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler, LogsInput, LogsOutput } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'groups' | 'policies'>

/**
 * Creates or replaces a policy of the account, or with `resourceArn` the one policy of a log group. The document comes
 * back as it was sent; it holds for the next request.
 */
export const putResourcePolicy =
  (deps: Deps): LogsHandler<'PutResourcePolicy'> =>
  async (input, ctx) => {
    const policy = readPolicy(input, ctx)
    if (input.resourceArn !== undefined) return putOfGroup(deps, policy, input.resourceArn, input, ctx)
    refuseRevision(input)
    await deps.policies.putOfAccount(ctx, policy)
    return { resourcePolicy: { ...echo(policy), policyScope: 'ACCOUNT' } }
  }

async function putOfGroup(
  { groups, policies }: Deps,
  policy: ResourcePolicy,
  arn: string,
  { expectedRevisionId }: LogsInput<'PutResourcePolicy'>,
  ctx: CallContext,
): Promise<LogsOutput<'PutResourcePolicy'>> {
  const group = await groups.require(ctx, taggedGroup(arn, ctx))
  const { revisionId } = await policies.putOfGroup(group, policy, expectedRevisionId)
  return {
    resourcePolicy: { ...echo(policy), policyScope: 'RESOURCE', resourceArn: groupArn(ctx, group.name), revisionId },
    revisionId,
  }
}

function readPolicy(
  { policyName, policyDocument }: LogsInput<'PutResourcePolicy'>,
  { now }: CallContext,
): ResourcePolicy {
  if (policyName === undefined) throw logsErrors.missing('policyName')
  if (policyDocument === undefined) throw logsErrors.missing('policyDocument')
  checkPolicyDocument(policyDocument)
  return { name: policyName, document: policyDocument, lastUpdatedTime: now }
}

/** Policies of the account have no revisions, so nothing could be promised about one. */
function refuseRevision({ expectedRevisionId }: LogsInput<'PutResourcePolicy'>): void {
  if (expectedRevisionId === undefined) return
  throw logsErrors.invalidParameter('expectedRevisionId can be given only together with resourceArn.')
}

const echo = ({ name, document, lastUpdatedTime }: ResourcePolicy) => ({
  policyName: name,
  policyDocument: document,
  lastUpdatedTime,
})

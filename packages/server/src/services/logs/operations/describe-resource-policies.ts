import { type LogsPlace, groupArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { collectPage, readToken } from '#services/logs/describe-page.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import { normalisedDocument } from '#services/logs/policies/normalise.ts'
import type { GroupPolicy, ResourcePolicy } from '#services/logs/policies/resource-policies.ts'
import { taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler, LogsInput, LogsOutput } from '#services/logs/types.ts'

type Input = LogsInput<'DescribeResourcePolicies'>
type Described = NonNullable<LogsOutput<'DescribeResourcePolicies'>['resourcePolicies']>[number]
type Deps = Pick<LogsParts, 'groups' | 'policies' | 'tokens'>

/** Policies of the account unless `policyScope` is RESOURCE; documents in their normalised form. */
export const describeResourcePolicies =
  ({ groups, policies, tokens }: Deps): LogsHandler<'DescribeResourcePolicies'> =>
  async (input, ctx) => {
    const policyScope = scopeOf(input)
    const scope = { policyScope, resourceArn: input.resourceArn, account: ctx.account, region: ctx.region }
    const after = readToken(tokens, 'DescribeResourcePolicies', scope, input.nextToken)
    if (input.resourceArn !== undefined) {
      const group = await groups.require(ctx, taggedGroup(input.resourceArn, ctx))
      const policy = await policies.ofGroup(group)
      return { resourcePolicies: policy === undefined ? [] : [describeOfGroup(ctx, policy)] }
    }
    const limit = input.limit ?? DESCRIBE_PAGE
    const { found, next } = await collectPage({
      limit,
      after,
      list: (position, count) => listed(policies, ctx, policyScope, position, count),
      position: ({ id }) => id,
    })
    return {
      resourcePolicies: found.map(({ described }) => described),
      nextToken: next === undefined ? undefined : tokens.issue('DescribeResourcePolicies', scope, next),
    }
  }

function scopeOf({ policyScope, resourceArn }: Input): 'ACCOUNT' | 'RESOURCE' {
  if (policyScope === 'ACCOUNT' && resourceArn !== undefined) {
    throw logsErrors.invalidParameter('resourceArn can be given only with the policyScope RESOURCE.')
  }
  return resourceArn === undefined && policyScope !== 'RESOURCE' ? 'ACCOUNT' : 'RESOURCE'
}

interface Listed {
  readonly id: string
  readonly described: Described
}

async function listed(
  policies: LogsParts['policies'],
  place: LogsPlace,
  scope: 'ACCOUNT' | 'RESOURCE',
  after: string | undefined,
  limit: number,
): Promise<readonly Listed[]> {
  if (scope === 'RESOURCE') {
    const found = await policies.ofGroups(place, { ...(after === undefined ? {} : { after }), limit })
    return found.map(({ id, policy }) => ({ id, described: describeOfGroup(place, policy) }))
  }
  const all = await policies.ofAccount(place)
  return all
    .filter(({ name }) => after === undefined || name > after)
    .slice(0, limit)
    .map((policy) => ({ id: policy.name, described: { ...describe(policy), policyScope: 'ACCOUNT' } }))
}

const describe = ({ name, document, lastUpdatedTime }: ResourcePolicy) => ({
  policyName: name,
  policyDocument: normalisedDocument(document),
  lastUpdatedTime,
})

const describeOfGroup = (place: LogsPlace, policy: GroupPolicy): Described => ({
  ...describe(policy),
  policyScope: 'RESOURCE',
  resourceArn: groupArn(place, policy.groupName),
  revisionId: policy.revisionId,
})

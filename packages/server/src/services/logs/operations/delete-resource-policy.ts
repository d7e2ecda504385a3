import type { CallContext } from '#kernel/call.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'DeleteResourcePolicy'>
type Deps = Pick<LogsParts, 'groups' | 'policies'>

/** Deletes a policy of the account by name, or with `resourceArn` the policy of a log group. */
export const deleteResourcePolicy =
  (deps: Deps): LogsHandler<'DeleteResourcePolicy'> =>
  async (input, ctx) => {
    if (input.resourceArn !== undefined) await deleteOfGroup(deps, input, input.resourceArn, ctx)
    else if (input.policyName !== undefined) await deps.policies.deleteOfAccount(ctx, input.policyName)
    else throw logsErrors.missing('policyName')
    return {}
  }

async function deleteOfGroup({ groups, policies }: Deps, input: Input, arn: string, ctx: CallContext): Promise<void> {
  const group = await groups.require(ctx, taggedGroup(arn, ctx))
  const policy = await policies.ofGroup(group)
  const { policyName = policy?.name, expectedRevisionId } = input
  if (policy === undefined || policy.name !== policyName) throw logsErrors.policyNotFound(policyName ?? arn)
  if (expectedRevisionId === undefined) throw logsErrors.missing('expectedRevisionId')
  await policies.deleteOfGroup(group, expectedRevisionId)
}

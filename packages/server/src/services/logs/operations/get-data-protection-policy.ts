import type { LogsParts } from '#services/logs/deps.ts'
import { groupOfIdentifier } from '#services/logs/names.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'groups' | 'protection'>

/** Without a policy only the identifier comes back, which is how clients tell. */
export const getDataProtectionPolicy =
  ({ groups, protection }: Deps): LogsHandler<'GetDataProtectionPolicy'> =>
  async ({ logGroupIdentifier }, ctx) => {
    const group = await groups.require(ctx, groupOfIdentifier(logGroupIdentifier, ctx))
    const policy = await protection.ofGroup(group)
    if (policy === undefined) return { logGroupIdentifier }
    return { logGroupIdentifier, policyDocument: policy.document, lastUpdatedTime: policy.lastUpdatedTime }
  }

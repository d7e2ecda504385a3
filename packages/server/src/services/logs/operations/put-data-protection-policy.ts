import type { LogsParts } from '#services/logs/deps.ts'
import { groupOfIdentifier } from '#services/logs/names.ts'
import { allowDelivery } from '#services/logs/policies/delivery-policy.ts'
import { readProtectionPolicy } from '#services/logs/protection/document.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** From now on sensitive data in newly stored events is hidden from readers who may not unmask it. */
export const putDataProtectionPolicy =
  ({
    protection,
    groups,
    policies,
  }: Pick<LogsParts, 'protection' | 'groups' | 'policies'>): LogsHandler<'PutDataProtectionPolicy'> =>
  async ({ logGroupIdentifier, policyDocument }, ctx) => {
    const { findingsGroup } = readProtectionPolicy(policyDocument)
    const { name } = await groups.require(ctx, groupOfIdentifier(logGroupIdentifier, ctx))
    if (findingsGroup !== undefined) await allowDelivery(policies, await groups.require(ctx, findingsGroup), ctx.now)
    await protection.put(ctx, name, policyDocument, ctx.now)
    return { logGroupIdentifier, policyDocument, lastUpdatedTime: ctx.now }
  }

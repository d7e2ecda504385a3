import type { LogsParts } from '#services/logs/deps.ts'
import { groupOfIdentifier } from '#services/logs/names.ts'
import { readProtectionPolicy } from '#services/logs/protection/document.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** From now on sensitive data in newly stored events is hidden from readers who may not unmask it. */
export const putDataProtectionPolicy =
  ({ protection }: Pick<LogsParts, 'protection'>): LogsHandler<'PutDataProtectionPolicy'> =>
  async ({ logGroupIdentifier, policyDocument }, ctx) => {
    readProtectionPolicy(policyDocument)
    await protection.put(ctx, groupOfIdentifier(logGroupIdentifier, ctx), policyDocument, ctx.now)
    return { logGroupIdentifier, policyDocument, lastUpdatedTime: ctx.now }
  }

import { logsErrors } from '#services/logs/errors.ts'
import type { LogGroupClass } from '#services/logs/catalog/log-group.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { checkGroupName } from '#services/logs/names.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

/** A new group keeps its events for ever. Of several calls with one name at once, exactly one succeeds. */
export const createLogGroup =
  ({ groups, numbers, dataKeys }: Pick<LogsParts, 'groups' | 'numbers' | 'dataKeys'>): LogsHandler<'CreateLogGroup'> =>
  async (input, ctx) => {
    const name = input.logGroupName
    checkGroupName(name)
    const record = {
      creationTime: ctx.now,
      logGroupClass: supportedClass(input),
      deletionProtectionEnabled: input.deletionProtectionEnabled ?? false,
      tags: mergedTags({}, input.tags ?? {}, name),
    }
    if (await groups.find(ctx, name)) throw logsErrors.groupExists()
    const { kmsKeyId } = input
    const key = kmsKeyId === undefined ? undefined : await dataKeys.make(kmsKeyId, ctx, name)
    const number = await numbers.next('group')
    if (key === undefined) await groups.create(ctx, name, { ...record, number })
    else {
      const place = { account: ctx.account, region: ctx.region }
      const withKey = { ...record, number, kmsKeyId: key.keyArn, dataKeys: 1 }
      await groups.create(ctx, name, withKey, [dataKeys.kept({ place, number }, 1, key)])
    }
    return {}
  }

function supportedClass({ logGroupClass = 'STANDARD' }: LogsInput<'CreateLogGroup'>): LogGroupClass {
  if (logGroupClass === 'STANDARD' || logGroupClass === 'INFREQUENT_ACCESS') return logGroupClass
  throw logsErrors.invalidParameter(
    `Log groups of class ${logGroupClass} are not supported by Sluice. Use STANDARD or INFREQUENT_ACCESS.`,
  )
}

import { logsErrors } from '#services/logs/errors.ts'
import type { LogGroupClass } from '#services/logs/catalog/log-group.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { checkKey } from '#services/logs/keys.ts'
import { checkGroupName } from '#services/logs/names.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

/** A new group keeps its events for ever. Of several calls with one name at once, exactly one succeeds. */
export const createLogGroup =
  (deps: Pick<LogsParts, 'groups' | 'numbers'>): LogsHandler<'CreateLogGroup'> =>
  async (input, ctx) => {
    const name = input.logGroupName
    checkGroupName(name)
    const record = {
      creationTime: ctx.now,
      logGroupClass: supportedClass(input),
      deletionProtectionEnabled: input.deletionProtectionEnabled ?? false,
      tags: mergedTags({}, input.tags ?? {}, name),
    }
    if (await deps.groups.find(ctx, name)) throw logsErrors.groupExists()
    const { kmsKeyId } = input
    if (kmsKeyId !== undefined) await checkKey(kmsKeyId, name, ctx)
    await deps.groups.create(ctx, name, {
      ...record,
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      number: await deps.numbers.next('group'),
    })
    return {}
  }

function supportedClass({ logGroupClass = 'STANDARD' }: LogsInput<'CreateLogGroup'>): LogGroupClass {
  if (logGroupClass === 'STANDARD' || logGroupClass === 'INFREQUENT_ACCESS') return logGroupClass
  throw logsErrors.invalidParameter(
    `Log groups of class ${logGroupClass} are not supported by Sluice. Use STANDARD or INFREQUENT_ACCESS.`,
  )
}

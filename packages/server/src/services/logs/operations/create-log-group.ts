import { logsErrors } from '#services/logs/errors.ts'
import type { LogGroupClass } from '#services/logs/catalog/log-group.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { checkGroupName } from '#services/logs/names.ts'
import { mergedTags } from '#services/logs/tags.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

/** A new group keeps its events for ever. Of several calls with one name at once, exactly one succeeds. */
export const createLogGroup =
  ({ groups, numbers }: Pick<LogsParts, 'groups' | 'numbers'>): LogsHandler<'CreateLogGroup'> =>
  async (input, ctx) => {
    const name = input.logGroupName
    checkGroupName(name)
    refuseKey(input)
    const record = {
      creationTime: ctx.now,
      logGroupClass: supportedClass(input),
      deletionProtectionEnabled: input.deletionProtectionEnabled ?? false,
      tags: mergedTags({}, input.tags ?? {}, name),
    }
    if (await groups.find(ctx, name)) throw logsErrors.groupExists()
    await groups.create(ctx, name, { ...record, number: await numbers.next('group') })
    return {}
  }

function refuseKey({ kmsKeyId }: LogsInput<'CreateLogGroup'>): void {
  if (kmsKeyId === undefined) return
  throw logsErrors.invalidParameter(
    'The specified KMS key cannot be used: this version of Sluice does not encrypt log groups with customer keys. Create the log group without kmsKeyId.',
  )
}

function supportedClass({ logGroupClass = 'STANDARD' }: LogsInput<'CreateLogGroup'>): LogGroupClass {
  if (logGroupClass === 'STANDARD' || logGroupClass === 'INFREQUENT_ACCESS') return logGroupClass
  throw logsErrors.invalidParameter(
    `Log groups of class ${logGroupClass} are not supported by Sluice. Use STANDARD or INFREQUENT_ACCESS.`,
  )
}

import { recordOf } from '#services/logs/catalog/groups.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { checkKey, keyedGroup } from '#services/logs/keys.ts'
import { taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** The key is recorded with the group when KMS says that it may be used. */
export const associateKmsKey =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'AssociateKmsKey'> =>
  async (input, ctx) => {
    const name = keyedGroup(input, (arn) => taggedGroup(arn, ctx))
    await groups.require(ctx, name)
    await checkKey(input.kmsKeyId, name, ctx)
    await groups.change(ctx, name, (group) => ({ record: { ...recordOf(group), kmsKeyId: input.kmsKeyId } }))
    return {}
  }

import type { LogsParts } from '#services/logs/deps.ts'
import { keyedGroup } from '#services/logs/encryption/keyed-group.ts'
import { taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Events that are put from now on are sealed under the key, if KMS says that it may be used. */
export const associateKmsKey =
  ({
    groups,
    dataKeys,
    encryption,
  }: Pick<LogsParts, 'groups' | 'dataKeys' | 'encryption'>): LogsHandler<'AssociateKmsKey'> =>
  async (input, ctx) => {
    const name = keyedGroup(input, (arn) => taggedGroup(arn, ctx))
    await groups.require(ctx, name)
    const key = await dataKeys.make(input.kmsKeyId, ctx, name)
    await groups.change(ctx, name, (group) => encryption.withKey(group, key))
    return {}
  }

import { recordOf } from '#services/logs/catalog/groups.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { keyedGroup } from '#services/logs/encryption/keyed-group.ts'
import { taggedGroup } from '#services/logs/tags.ts'
import type { LogsHandler } from '#services/logs/types.ts'

/** Events that were put under the key stay sealed, and need it to be read. A group without a key stays as it is. */
export const disassociateKmsKey =
  ({ groups }: Pick<LogsParts, 'groups'>): LogsHandler<'DisassociateKmsKey'> =>
  async (input, ctx) => {
    const name = keyedGroup(input, (arn) => taggedGroup(arn, ctx))
    await groups.change(ctx, name, (group) => {
      const { kmsKeyId: _key, ...record } = recordOf(group)
      return { record }
    })
    return {}
  }

import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The key stays, disabled; one without material waits for it again. */
export const cancelKeyDeletion =
  ({ keys, targets }: KmsParts): KmsHandler<'CancelKeyDeletion'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'CancelKeyDeletion')
    await keys.change(key, ctx.now, (now) => {
      if (now.state !== 'PendingDeletion') throw kmsErrors.notPendingDeletion(now.arn)
      const { deletionDate: _deletionDate, ...record } = recordOf(now)
      const usable = now.backing.length > 0 && now.backing.every(({ imported }) => imported?.gone !== true)
      return { record: { ...record, state: usable ? 'Disabled' : 'PendingImport' } }
    })
    return { KeyId: key.arn }
  }

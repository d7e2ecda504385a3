import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { withoutMaterial } from '#services/kms/keys/settle.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import { requireExternal } from '#services/kms/operations/get-parameters-for-import.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** The key waits for its material again; what it encrypted can be opened once the same material is back. */
export const deleteImportedKeyMaterial =
  ({ keys, targets, vault }: KmsParts): KmsHandler<'DeleteImportedKeyMaterial'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'DeleteImportedKeyMaterial')
    requireExternal(key)
    const materialId = currentOf(key)?.materialId
    if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== materialId)
      throw kmsErrors.keyNotFound(`${key.arn} with key material ${input.KeyMaterialId}`)
    await keys.change(key, ctx.now, (now) => {
      requireAlive(now)
      if (now.state === 'PendingImport') return undefined
      return {
        record: { ...recordOf(now), state: 'PendingImport', backing: now.backing.map(withoutMaterial) },
        also: now.backing.map(({ version }) => vault.removal({ ...now, version })),
      }
    })
    return { KeyId: key.arn, ...(materialId === undefined ? {} : { KeyMaterialId: materialId }) }
  }

import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import { type BackingKey, type Key, recordOf } from '#services/kms/keys/key-record.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import { MAX_IMPORT_MILLIS } from '#services/kms/limits.ts'
import { readImportToken } from '#services/kms/material/import-token.ts'
import { fitsSpec, unwrapMaterial } from '#services/kms/material/import.ts'
import type { Vault } from '#services/kms/material/vault.ts'
import { requireExternal } from '#services/kms/operations/get-parameters-for-import.ts'
import type { KmsHandler, KmsInput } from '#services/kms/types.ts'

/** The first import makes the key usable; a later one must bring the same material. */
export const importKeyMaterial =
  ({ keys, targets, vault }: KmsParts): KmsHandler<'ImportKeyMaterial'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'ImportKeyMaterial')
    requireExternal(key)
    requireAlive(key)
    if (input.ImportType === 'NEW_KEY_MATERIAL' && key.backing.length > 0)
      throw kmsErrors.notBuilt('ImportKeyMaterial of new material for a key that has some')
    const validTo = endOf(input, ctx.now)
    const material = received(vault, key, input, ctx.now)
    try {
      const materialId = vault.mark('material id', Buffer.concat([Buffer.from(key.arn), material])).toString('hex')
      await keys.change(key, ctx.now, (now) => {
        requireAlive(now)
        const backing = importedBacking(now, materialId, {
          since: ctx.now,
          validTo,
          description: input.KeyMaterialDescription,
        })
        if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== materialId) throw kmsErrors.wrongMaterial()
        const deposit = vault.deposit({ ...now, version: backing.version }, material)
        const state = now.state === 'PendingImport' ? 'Enabled' : now.state
        return { record: { ...recordOf(now), state, backing: [backing] }, also: [deposit] }
      })
      return { KeyId: key.arn, KeyMaterialId: materialId }
    } finally {
      material.fill(0)
    }
  }

/** @throws AwsError InvalidImportTokenException, ExpiredImportTokenException, InvalidCiphertextException, IncorrectKeyMaterialException */
function received(vault: Vault, key: Key, input: KmsInput<'ImportKeyMaterial'>, now: number): Buffer {
  const { algorithm, wrappingKey } = readImportToken(vault, key.arn, input.ImportToken, now)
  const material = unwrapMaterial(wrappingKey, algorithm, input.EncryptedKeyMaterial)
  wrappingKey.fill(0)
  if (material === undefined) throw kmsErrors.importCiphertext()
  if (!fitsSpec(key.spec, material)) throw kmsErrors.wrongMaterial()
  return material
}

/** When the material ends, in epoch milliseconds; `undefined`: never. */
function endOf(
  { ExpirationModel: model, ValidTo: validTo }: KmsInput<'ImportKeyMaterial'>,
  now: number,
): number | undefined {
  const expires = model !== 'KEY_MATERIAL_DOES_NOT_EXPIRE'
  if (expires && validTo === undefined)
    throw kmsErrors.validation('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES')
  if (!expires && validTo !== undefined)
    throw kmsErrors.validation('A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE')
  if (validTo !== undefined && (validTo <= now || validTo > now + MAX_IMPORT_MILLIS))
    throw kmsErrors.validation('The validTo date must be in the future, and at most 365 days ahead.')
  return validTo
}

function importedBacking(
  key: Key,
  materialId: string,
  { since, validTo, description }: { since: number; validTo: number | undefined; description: string | undefined },
): BackingKey {
  const before = currentOf(key)
  if (before !== undefined && before.materialId !== materialId) throw kmsErrors.wrongMaterial()
  return {
    version: before?.version ?? 1,
    materialId,
    since: before?.since ?? since,
    imported: {
      gone: false,
      ...(validTo === undefined ? {} : { validTo }),
      ...(description === undefined ? {} : { description }),
    },
  }
}

import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { currentOf } from '#services/kms/keys/due.ts'
import type { BackingKey, Key } from '#services/kms/keys/key-record.ts'
import { PAGE } from '#services/kms/limits.ts'
import { pageOfArray } from '#services/kms/paging.ts'
import type { KmsHandler, KmsOutput } from '#services/kms/types.ts'

type Entry = NonNullable<KmsOutput<'ListKeyRotations'>['Rotations']>[number]

/** Rotations so far, oldest first; with ALL_KEY_MATERIAL the first material too. */
export const listKeyRotations =
  ({ targets, tokens }: KmsParts): KmsHandler<'ListKeyRotations'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'ListKeyRotations')
    if (key.spec !== 'SYMMETRIC_DEFAULT')
      throw kmsErrors.unsupported(`${key.arn} is no symmetric encryption key, so it has no rotations.`)
    const everything = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL'
    const { items, rest } = await pageOfArray(tokens, input, {
      operation: 'ListKeyRotations',
      parameters: { key: key.arn, everything },
      standard: PAGE.rotations,
      all: key.backing.filter(({ rotation }) => everything || rotation !== undefined),
    })
    return { Rotations: items.map(([, one]) => entryOf(key, one)), ...rest }
  }

const entryOf = (key: Key, one: BackingKey): Entry => ({
  KeyId: key.keyId,
  KeyMaterialId: one.materialId,
  KeyMaterialState: one === currentOf(key) ? 'CURRENT' : 'NON_CURRENT',
  ...importOf(one),
  ...(one.rotation === undefined ? {} : { RotationDate: one.since, RotationType: one.rotation }),
})

function importOf({ imported }: BackingKey): Entry {
  if (imported === undefined) return {}
  const { description, gone, validTo } = imported
  return {
    ImportState: gone ? 'PENDING_IMPORT' : 'IMPORTED',
    ...(description === undefined ? {} : { KeyMaterialDescription: description }),
    ...(gone
      ? {}
      : { ExpirationModel: validTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES' }),
    ...(validTo === undefined ? {} : { ValidTo: validTo }),
  }
}

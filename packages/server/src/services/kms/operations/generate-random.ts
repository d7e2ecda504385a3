import { randomBytes } from 'node:crypto'
import { refuseRecipient } from '#services/kms/dry-run.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** 1 to 1,024 random bytes. */
export const generateRandom: KmsHandler<'GenerateRandom'> = (input) => {
  refuseRecipient(input)
  if (input.CustomKeyStoreId !== undefined) throw kmsErrors.notBuilt('GenerateRandom in a custom key store')
  if (input.NumberOfBytes === undefined) throw kmsErrors.missing('numberOfBytes')
  return { Plaintext: randomBytes(input.NumberOfBytes) }
}

import type { KmsParts } from '#services/kms/deps.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import { requireAlive } from '#services/kms/keys/state.ts'
import { IMPORT_TOKEN_MILLIS } from '#services/kms/limits.ts'
import { rsaPair } from '#services/kms/material/generate.ts'
import { importToken } from '#services/kms/material/import-token.ts'
import { isWrapping } from '#services/kms/material/import.ts'
import type { KmsHandler } from '#services/kms/types.ts'

const BITS = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 } as const

/** A public key to wrap material with, and the token that goes with it back. */
export const getParametersForImport =
  ({ targets, vault }: KmsParts): KmsHandler<'GetParametersForImport'> =>
  async (input, ctx) => {
    const { WrappingAlgorithm: algorithm, WrappingKeySpec: spec } = input
    if (!isWrapping(algorithm) || spec === 'SM2')
      throw kmsErrors.unsupported(`The wrapping algorithm ${algorithm} with ${spec} is not supported.`)
    const { key } = await targets.of(input, input.KeyId, ctx, 'GetParametersForImport')
    requireExternal(key)
    requireAlive(key)
    const { privateKey, publicKey } = await rsaPair(BITS[spec])
    const validTo = ctx.now + IMPORT_TOKEN_MILLIS
    const ImportToken = importToken(vault, key.arn, { algorithm, validTo, wrappingKey: privateKey })
    privateKey.fill(0)
    return { KeyId: key.arn, ImportToken, PublicKey: publicKey, ParametersValidTo: validTo }
  }

/** @throws AwsError UnsupportedOperationException */
export function requireExternal({ origin, arn }: Pick<Key, 'origin' | 'arn'>): void {
  if (origin !== 'EXTERNAL')
    throw kmsErrors.unsupported(`${arn} origin is ${origin} which is not valid for this operation.`)
}

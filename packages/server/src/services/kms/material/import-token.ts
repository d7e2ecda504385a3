import type { EpochMillis } from '#kernel/ids.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { WrappingAlgorithm } from '#services/kms/material/import.ts'
import type { Vault } from '#services/kms/material/vault.ts'

/** What an import token carries, sealed: the private half of the wrapping key is nowhere else. */
interface TokenContent {
  readonly algorithm: WrappingAlgorithm
  readonly validTo: EpochMillis
  /** Base64 of PKCS #8. */
  readonly wrappingKey: string
}

const purposeOf = (keyArn: string): string => `import token ${keyArn}`

export const importToken = (
  vault: Vault,
  keyArn: string,
  { wrappingKey, ...rest }: Omit<TokenContent, 'wrappingKey'> & { readonly wrappingKey: Buffer },
): Buffer => {
  const content: TokenContent = { ...rest, wrappingKey: wrappingKey.toString('base64') }
  return vault.sealToken(Buffer.from(JSON.stringify(content)), purposeOf(keyArn))
}

/** @throws AwsError InvalidImportTokenException, ExpiredImportTokenException */
export function readImportToken(
  vault: Vault,
  keyArn: string,
  token: Uint8Array,
  now: EpochMillis,
): { readonly algorithm: WrappingAlgorithm; readonly wrappingKey: Buffer } {
  let opened: Buffer
  try {
    opened = vault.openToken(token, purposeOf(keyArn))
  } catch {
    throw kmsErrors.importToken()
  }
  // Sealed by us, so its shape is known.
  const { algorithm, validTo, wrappingKey } = JSON.parse(opened.toString()) as TokenContent
  opened.fill(0)
  if (validTo <= now) throw kmsErrors.importTokenExpired()
  return { algorithm, wrappingKey: Buffer.from(wrappingKey, 'base64') }
}

import { timingSafeEqual } from 'node:crypto'
import { isAccountId, isRegion } from '#kernel/ids.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { Grant } from '#services/kms/grants/grant-record.ts'
import type { Vault } from '#services/kms/material/vault.ts'
import type { KmsPlace } from '#services/kms/types.ts'

/** Which grant a token speaks of. */
export interface TokenContent extends Pick<Grant, 'keyId' | 'grantId'> {
  readonly place: KmsPlace
}

const MAC_BYTES = 32
const PURPOSE = 'grant token'

/** A token that names a grant. It is no secret: it only saves waiting for a new grant, and here grants count at once. */
export function grantToken(vault: Vault, { place, keyId, grantId }: TokenContent): string {
  const body = Buffer.from([place.account, place.region, keyId, grantId].join('/'))
  return Buffer.concat([vault.mark(PURPOSE, body), body]).toString('base64url')
}

/** @throws AwsError InvalidGrantTokenException */
export function readGrantToken(vault: Vault, token: string): TokenContent {
  const bytes = Buffer.from(token, 'base64url')
  const body = bytes.subarray(MAC_BYTES)
  const sound = bytes.length > MAC_BYTES && timingSafeEqual(bytes.subarray(0, MAC_BYTES), vault.mark(PURPOSE, body))
  const [account = '', region = '', keyId = '', grantId = ''] = sound ? body.toString().split('/') : []
  if (!isAccountId(account) || !isRegion(region)) throw kmsErrors.grantToken()
  return { place: { account, region }, keyId, grantId }
}

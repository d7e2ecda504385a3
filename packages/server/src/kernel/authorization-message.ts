import { hkdfSync } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { AccountId } from '#kernel/ids.ts'
import { keySealer } from '#kernel/secrets.ts'

/** Longest encoded message that STS takes. @source STS API model, EncodedMessage */
const MAX_ENCODED_CHARS = 10_240
/** Longest message, in characters; what would be longer is left out by who writes it. */
const MAX_MESSAGE_CHARS = 64 * 1_024

/** Messages that say why a call was denied, sealed: whoever was denied carries them and cannot read them. */
export interface AuthorizationMessages {
  /** `undefined`: the message does not fit into {@link MAX_ENCODED_CHARS}. */
  encode(account: AccountId, message: string): string | undefined
  /** `undefined`: it was not encoded here for this account, or was changed. */
  decode(account: AccountId, encoded: string): string | undefined
}

/** Messages sealed (AES-256-GCM, bound to the account) with a key derived from `key`; they stay good over a restart. */
export function authorizationMessages(key: Uint8Array): AuthorizationMessages {
  const sealer = keySealer(Buffer.from(hkdfSync('sha256', key, '', 'sluice authorization messages', 32)))
  const contextOf = (account: AccountId): string => `authorization-message/${account}`
  return {
    encode(account, message) {
      if (message.length > MAX_MESSAGE_CHARS) return undefined
      const encoded = sealer.seal(deflateRawSync(message).toString('base64'), contextOf(account))
      return encoded.length > MAX_ENCODED_CHARS ? undefined : encoded
    },
    decode(account, encoded) {
      if (encoded.length > MAX_ENCODED_CHARS) return undefined
      try {
        const packed = Buffer.from(sealer.open(encoded, contextOf(account)), 'base64')
        return inflateRawSync(packed, { maxOutputLength: MAX_MESSAGE_CHARS * 4 }).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

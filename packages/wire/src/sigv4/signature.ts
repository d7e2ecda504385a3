import { createHmac } from 'node:crypto'
import { ALGORITHM, sha256Hex } from './canonical.ts'

/** A key is used for a day in one region and service; this many are kept. */
const MAX_KEYS = 1_000
const keys = new Map<string, Buffer>()

export interface Scope {
  /** `YYYYMMDD`. */
  readonly date: string
  readonly region: string
  readonly signingName: string
}

const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** The signing key of a secret for a scope; kept, because deriving one costs four times what using it does. */
function signingKey(secret: string, { date, region, signingName }: Scope): Buffer {
  const id = `${date}/${region}/${signingName}/${secret}`
  const known = keys.get(id)
  if (known !== undefined) return known
  const made = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), signingName), 'aws4_request')
  const oldest = keys.size >= MAX_KEYS ? keys.keys().next() : undefined
  if (oldest?.value !== undefined) keys.delete(oldest.value)
  keys.set(id, made)
  return made
}

/** The signature, in lower-case hex, of a canonical request. `timestamp` as in `20261121T100000Z`. */
export function signatureOf(secret: string, scope: Scope, timestamp: string, canonical: string): string {
  const { date, region, signingName } = scope
  const text = `${ALGORITHM}\n${timestamp}\n${date}/${region}/${signingName}/aws4_request\n${sha256Hex(canonical)}`
  return createHmac('sha256', signingKey(secret, scope)).update(text).digest('hex')
}

import { createHmac, timingSafeEqual } from 'node:crypto'
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

/** `20261121/us-east-1/logs/aws4_request`. */
export const scopeText = ({ date, region, signingName }: Scope): string =>
  `${date}/${region}/${signingName}/aws4_request`

/** What is signed for a canonical request. `timestamp` as in `20261121T100000Z`. */
export const stringToSign = (scope: Scope, timestamp: string, canonical: string): string =>
  `${ALGORITHM}\n${timestamp}\n${scopeText(scope)}\n${sha256Hex(canonical)}`

/** The signature of a text, in lower-case hex. */
export const signText = (secret: string, scope: Scope, text: string): string =>
  createHmac('sha256', signingKey(secret, scope)).update(text).digest('hex')

/** Whether two signatures are the same; how long it takes says nothing about where they differ. */
export function isSameSignature(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}

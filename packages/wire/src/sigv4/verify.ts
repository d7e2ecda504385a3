import { timingSafeEqual } from 'node:crypto'
import { refusal } from '../auth-faults.ts'
import { familyOf } from '../families.ts'
import { throwFault } from '../fault.ts'
import type { FaultTarget, RequestHead } from '../request.ts'
import { canonicalRequest, sha256Hex } from './canonical.ts'
import type { SignatureClaim } from './claim.ts'
import { signatureOf } from './signature.ts'
import { basicTime } from './time.ts'

const DEFAULT_SKEW_MINUTES = 5
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

/**
 * Verifies a claim: time, body hash, signature. Session tokens are for the caller to compare.
 * @param secret the secret access key of `claim.accessKeyId`
 * @param nowMillis real time, in milliseconds since 1970
 * @throws WireError with AWS's code and text for the service's family.
 */
export function verifySignature(
  claim: SignatureClaim,
  head: RequestHead,
  body: Uint8Array,
  secret: string,
  nowMillis: number,
  target: FaultTarget,
): void {
  refuseSkew(claim, nowMillis, target)
  // The body's real hash: what the request declares about it is only compared with this.
  const payloadHash = sha256Hex(body)
  const canonical = canonicalRequest({
    head,
    signedHeaders: claim.signedHeaders,
    payloadHash,
    signingName: claim.signingName,
  })
  const expected = signatureOf(secret, claim, basicTime(claim.timestamp), canonical)
  const declared = head.headers['x-amz-content-sha256']
  const sameBody = declared === undefined || declared === payloadHash
  if (!equal(expected, claim.signature) || !sameBody) throwFault(refusal('badSignature', target, MISMATCH))
}

function refuseSkew({ timestamp, expiresSeconds }: SignatureClaim, now: number, target: FaultTarget): void {
  const skewMinutes = target.service === undefined ? DEFAULT_SKEW_MINUTES : familyOf(target.service).skewMinutes
  const skew = skewMinutes * 60_000
  const life = expiresSeconds === undefined ? skew : expiresSeconds * 1_000
  const signed = basicTime(timestamp)
  if (timestamp < now - life) {
    const minutes = expiresSeconds === undefined ? skewMinutes : Math.ceil(life / 60_000)
    throwFault(
      refusal(
        'badSignature',
        target,
        `Signature expired: ${signed} is now earlier than ${basicTime(now - life)} (${basicTime(now)} - ${String(minutes)} min.)`,
      ),
    )
  }
  if (timestamp > now + skew) {
    throwFault(
      refusal(
        'badSignature',
        target,
        `Signature not yet current: ${signed} is still later than ${basicTime(now + skew)} (${basicTime(now)} + ${String(skewMinutes)} min.)`,
      ),
    )
  }
}

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

import { throwFault } from '../fault.ts'
import { type DeclaredPayload, declaredPayload } from '../payload/declared.ts'
import { contentSha256Faults } from '../payload/faults.ts'
import type { FaultTarget, RequestHead } from '../request.ts'
import { canonicalRequest, sha256Hex } from './canonical.ts'
import type { ChunkSeed } from './chunk-signatures.ts'
import type { SignatureClaim, V2Claim, V4Claim } from './signature-claim.ts'
import { isSameSignature, signText, stringToSign } from './signature.ts'
import { basicTime } from './time.ts'
import { refuseUntimely } from './timeliness.ts'
import { signTextV2, stringsToSignV2 } from './version-2.ts'
import { wordsOf } from './words.ts'

/** A claim, the request that makes it, and what it is judged by. */
export interface SignatureCheck {
  readonly claim: SignatureClaim
  readonly head: RequestHead
  readonly target: FaultTarget
  /** The secret access key of `claim.accessKeyId`. */
  readonly secret: string
  /** Real time, in milliseconds since 1970. */
  readonly nowMillis: number
  /** The bucket that the host names; version 2 signs it. Left out when the path begins with it. */
  readonly bucket?: string
}

/** A head whose signature was found right. */
export interface VerifiedHead {
  /** What the signatures of chunks build on; version 2 has none. */
  readonly chunkSeed?: ChunkSeed
}

/**
 * Verifies a claim without the body: time and signature. Whether the body is the declared one shows while it streams.
 * Session tokens are for the caller to compare.
 * @throws WireError with the code and words of the service
 */
export function verifyHead(check: SignatureCheck, payload: DeclaredPayload): VerifiedHead {
  if (payload.kind === 'body')
    throw new Error('The signature covers a hash that the head does not tell: verify it together with the body.')
  return verifyClaim(check, payload.line)
}

/**
 * Verifies a claim together with the whole body: time, signature, hash. For S3 it checks neither checksums nor chunks,
 * and refuses the latter; read its bodies through `payloadStream`.
 * @param secret the secret access key of `claim.accessKeyId`
 * @param nowMillis real time, in milliseconds since 1970
 * @throws WireError with the code and words of the service
 */
export function verifySignature(
  claim: SignatureClaim,
  head: RequestHead,
  body: Uint8Array,
  secret: string,
  nowMillis: number,
  target: FaultTarget,
): void {
  const payload = declaredPayload(head, claim, target)
  if (payload.kind === 'chunked') throwFault(contentSha256Faults.notForThis)
  // What the request declares about its body is only compared with the body's real hash.
  const computed = payload.kind === 'unsigned' ? undefined : sha256Hex(body)
  verifyClaim({ claim, head, target, secret, nowMillis }, payload.kind === 'body' ? (computed ?? '') : payload.line)
  if (payload.kind === 'hashed' && computed !== undefined && payload.sha256 !== computed)
    throwFault(wordsOf(claim.signingName).otherBody(payload.sha256, computed, target))
}

function verifyClaim(check: SignatureCheck, payloadLine: string): VerifiedHead {
  const { claim, head, nowMillis, target } = check
  refuseUntimely(claim, head, nowMillis, target)
  return claim.version === 2 ? verifyV2(claim, check) : verifyV4(claim, check, payloadLine)
}

function verifyV4(claim: V4Claim, { head, target, secret }: SignatureCheck, payloadHash: string): VerifiedHead {
  const { accessKeyId, signature, signedHeaders, signingName } = claim
  const timestamp = basicTime(claim.timestamp)
  const canonical = canonicalRequest({ head, signedHeaders, payloadHash, signingName })
  const text = stringToSign(claim, timestamp, canonical)
  if (!isSameSignature(signText(secret, claim, text), signature)) {
    const evidence = { accessKeyId, signature, stringToSign: text, canonicalRequest: canonical }
    throwFault(wordsOf(signingName).mismatch(evidence, target))
  }
  return {
    chunkSeed: { accessKeyId, signature, timestamp, scope: claim, sign: (chunk) => signText(secret, claim, chunk) },
  }
}

function verifyV2(claim: V2Claim, { head, target, secret, bucket }: SignatureCheck): VerifiedHead {
  const { accessKeyId, signature, signingName } = claim
  const texts = stringsToSignV2(claim, head, bucket)
  if (!texts.some((text) => isSameSignature(signTextV2(secret, text), signature)))
    throwFault(wordsOf(signingName).mismatch({ accessKeyId, signature, stringToSign: texts[0] }, target))
  return {}
}

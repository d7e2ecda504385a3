import { throwFault } from '../fault.ts'
import { EMPTY_HASH, sha256Hex } from './canonical.ts'
import { type Scope, isSameSignature, scopeText } from './signature.ts'
import { s3Mismatch } from './words-s3.ts'

/** A verified head, as the signature of the first chunk builds on it. */
export interface ChunkSeed {
  readonly accessKeyId: string
  /** The head's own. */
  readonly signature: string
  /** `20261121T100000Z`. */
  readonly timestamp: string
  readonly scope: Scope
  /** Signs a text with the key that signed the head. */
  sign(text: string): string
}

/** The signatures of a body in chunks, each of which builds on the one before. */
export interface ChunkSignatures {
  /** @throws WireError when `given` is not the signature of the next chunk, whose hash is `sha256`. */
  verifyChunk(given: string, sha256: string): void
  /** @throws WireError when `given` is not the signature of the headers after the last chunk. */
  verifyTrailers(given: string, trailers: string): void
}

/**
 * @source S3 API reference, "Signature calculations for the Authorization header: transferring payload in multiple
 * chunks" and "… including trailing headers"
 */
export function chunkSignatures(seed: ChunkSeed): ChunkSignatures {
  let previous = seed.signature
  const verify = (given: string, algorithm: string, hashes: string): void => {
    const text = `${algorithm}\n${seed.timestamp}\n${scopeText(seed.scope)}\n${previous}\n${hashes}`
    const expected = seed.sign(text)
    if (!isSameSignature(expected, given))
      throwFault(s3Mismatch({ accessKeyId: seed.accessKeyId, signature: given, stringToSign: text }))
    previous = expected
  }
  return {
    verifyChunk: (given, sha256) => verify(given, 'AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY_HASH}\n${sha256}`),
    verifyTrailers: (given, trailers) => verify(given, 'AWS4-HMAC-SHA256-TRAILER', sha256Hex(trailers)),
  }
}

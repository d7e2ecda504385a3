import { throwFault } from '../fault.ts'
import type { FaultTarget, RequestHead } from '../request.ts'
import { splitUrl } from '../scope.ts'
import { queryParameters } from '../sigv4/query-parameters.ts'
import type { SignatureClaim } from '../sigv4/signature-claim.ts'
import { S3, signingNameOf, wordsOf } from '../sigv4/words.ts'
import { hasAwsChunked } from './content-encoding.ts'
import { contentSha256Faults } from './faults.ts'

/** What a request says about its body; `line` is what stands for the body in the text that is signed. */
export type DeclaredPayload =
  /** Nothing: the signature covers the hash of the body, which only the body tells. Never so for S3. */
  | { readonly kind: 'body' }
  /** `sha256` in lower-case hex. */
  | { readonly kind: 'hashed'; readonly line: string; readonly sha256: string }
  | { readonly kind: 'unsigned'; readonly line: string }
  /** Framed as `aws-chunked`: whether each chunk has a signature, and whether headers may follow the last one. */
  | { readonly kind: 'chunked'; readonly line: string; readonly signed: boolean; readonly trailers: boolean }

const UNSIGNED = 'UNSIGNED-PAYLOAD'
const SHA256 = /^[0-9a-f]{64}$/i

const CHUNKED: ReadonlyMap<string, Omit<DeclaredPayload & { kind: 'chunked' }, 'line' | 'kind'>> = new Map([
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { signed: true, trailers: false }],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', { signed: true, trailers: true }],
  ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', { signed: false, trailers: true }],
])
const ASYMMETRIC = /^STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD(-TRAILER)?$/

/**
 * What the body of a request must satisfy, from its head alone.
 * @param claim left out for requests that are not signed
 * @throws WireError in the service's words when the declaration is missing where there must be one, or is none
 */
export function declaredPayload(
  head: RequestHead,
  claim: SignatureClaim | undefined,
  target: FaultTarget,
): DeclaredPayload {
  const signingName = claim?.signingName ?? signingNameOf(target)
  return signingName === S3 ? declaredToS3(head, claim) : declaredToOthers(head, claim, target)
}

/** Every service but S3 wants the real hash, in the signature and, if it is declared, there too. */
function declaredToOthers(
  { headers }: RequestHead,
  claim: SignatureClaim | undefined,
  target: FaultTarget,
): DeclaredPayload {
  const value = headers['x-amz-content-sha256']
  if (value === undefined) return claim === undefined ? { kind: 'unsigned', line: UNSIGNED } : { kind: 'body' }
  if (SHA256.test(value)) return hashed(value)
  if (claim === undefined && value === UNSIGNED) return { kind: 'unsigned', line: UNSIGNED }
  return throwFault(wordsOf(claim?.signingName).mismatch(undefined, target))
}

function declaredToS3(head: RequestHead, claim: SignatureClaim | undefined): DeclaredPayload {
  const value = head.headers['x-amz-content-sha256'] ?? presignedValue(head, claim)
  if (value === undefined) {
    if (claim?.version === 4 && claim.form === 'header') return throwFault(contentSha256Faults.missing)
    return unsigned(head)
  }
  if (SHA256.test(value)) return hashed(value)
  if (value === UNSIGNED) return unsigned(head)
  if (ASYMMETRIC.test(value)) return throwFault(contentSha256Faults.asymmetric(value))
  const chunked = CHUNKED.get(value)
  if (chunked === undefined) return throwFault(contentSha256Faults.junk(value))
  if (chunked.signed && claim?.version !== 4) return throwFault(contentSha256Faults.unsignedChunks)
  return { kind: 'chunked', line: value, ...chunked }
}

/** Clients that presign put the header into the URL, where it is signed with the rest of it. */
const presignedValue = (head: RequestHead, claim: SignatureClaim | undefined): string | undefined =>
  claim?.version === 4 && claim.form === 'query'
    ? queryParameters(splitUrl(head.rawUrl).query).get('X-Amz-Content-Sha256')
    : undefined

const hashed = (value: string): DeclaredPayload => ({ kind: 'hashed', line: value, sha256: value.toLowerCase() })

/** Nothing would say where the chunks of an unsigned body end. */
function unsigned({ headers }: RequestHead): DeclaredPayload {
  const encoding = headers['content-encoding'] ?? ''
  return hasAwsChunked(encoding)
    ? throwFault(contentSha256Faults.framedUnsigned(encoding))
    : { kind: 'unsigned', line: UNSIGNED }
}

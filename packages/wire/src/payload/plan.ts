import { throwFault } from '../fault.ts'
import type { RequestHead } from '../request.ts'
import type { ChunkSeed } from '../sigv4/chunk-signatures.ts'
import type { VerifiedHead } from '../sigv4/verify.ts'
import { type DeclaredChecksum, declaredChecksum } from './checksum-headers.ts'
import { contentCodings } from './content-encoding.ts'
import type { DeclaredPayload } from './declared.ts'
import { type DigestName, parseDigest } from './digests.ts'
import { checksumFaults, contentSha256Faults, framingFaults } from './faults.ts'

/** How a body is to be read and what must prove true of it; made from the head, before any of the body is read. */
export interface PayloadPlan {
  /** The framing to take off, if it has one. */
  readonly framing?: AwsChunkedFraming
  /** How many bytes of content the request declares; left out when it does not say. */
  readonly length?: number
  /** The most that are taken. */
  readonly maxBytes: number
  /** The hash of the content, in lower-case hex, that the signature covers. */
  readonly sha256?: string
  /** `Content-MD5`. */
  readonly md5?: Buffer
  readonly checksum?: DeclaredChecksum
  /** What else is computed for the caller. */
  readonly compute: readonly DigestName[]
  /** `Content-Encoding` without the framing, as it belongs to the content. */
  readonly contentEncoding?: string
}

export interface AwsChunkedFraming {
  /** What the signatures of the chunks build on; left out when they have none. */
  readonly seed?: ChunkSeed
  /** Whether headers may follow the last chunk. */
  readonly trailers: boolean
  /** The names of those that must, lower case. */
  readonly announced: readonly string[]
}

export interface PayloadOptions {
  /** Digests to compute of the content, beside those that are verified. */
  readonly compute?: readonly DigestName[]
  /** The most content that is taken, in bytes. Left out: {@link MAX_CONTENT_BYTES}. */
  readonly maxBytes?: number
  /** Whether the operation takes a body in chunks; S3 lets only PutObject and UploadPart. Left out: it does. */
  readonly chunked?: boolean
  /**
   * Whether `x-amz-checksum-…` is of this body; in CompleteMultipartUpload it is of the object. Left out: it is.
   * @source S3 model, httpChecksum
   */
  readonly checksums?: boolean
}

/** The largest body of one S3 request, 5 GiB. @source S3 user guide, "Uploading objects" */
const MAX_CONTENT_BYTES = 5 * 1024 ** 3
const LENGTH = /^\d{1,15}$/

/**
 * What a body must satisfy, by its head.
 * @param verified what verifying the head gave; left out for requests that are not signed
 * @throws WireError in S3's words for what the head alone shows to be wrong
 */
export function payloadPlan(
  head: RequestHead,
  payload: DeclaredPayload,
  verified: VerifiedHead | undefined,
  options: PayloadOptions = {},
): PayloadPlan {
  const { compute = [], maxBytes = MAX_CONTENT_BYTES, chunked = true, checksums = true } = options
  const { headers } = head
  if (payload.kind === 'chunked' && !chunked) throwFault(contentSha256Faults.notForThis)
  const announced = announcedTrailers(headers['x-amz-trailer'])
  if (announced.length > 0 && !(payload.kind === 'chunked' && payload.trailers))
    throwFault(checksumFaults.trailerUnknown)
  const md5 = contentMd5(headers['content-md5'])
  const checksum = checksums ? declaredChecksum(head, announced) : undefined
  const length = contentLength(head, payload)
  if (length !== undefined && length > maxBytes) throwFault(framingFaults.tooLarge(length, maxBytes))
  const contentEncoding = contentCodings(headers['content-encoding'])
  return {
    maxBytes,
    compute,
    ...(payload.kind === 'chunked' ? { framing: framing(payload, announced, verified?.chunkSeed) } : {}),
    ...(payload.kind === 'hashed' ? { sha256: payload.sha256 } : {}),
    ...(length === undefined ? {} : { length }),
    ...(md5 === undefined ? {} : { md5 }),
    ...(checksum === undefined ? {} : { checksum }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
  }
}

function framing(
  { signed, trailers }: DeclaredPayload & { readonly kind: 'chunked' },
  announced: readonly string[],
  seed: ChunkSeed | undefined,
): AwsChunkedFraming {
  if (!signed) return { trailers, announced }
  if (seed === undefined)
    throw new Error('The signatures of chunks build on the verified head: pass what verifying it gave.')
  return { trailers, announced, seed }
}

const announcedTrailers = (header = ''): readonly string[] =>
  header
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')

function contentMd5(header: string | undefined): Buffer | undefined {
  if (header === undefined) return undefined
  return parseDigest('md5', header) ?? throwFault(checksumFaults.malformedMd5(header))
}

/** Of a framed body `Content-Length` counts the frames too, so S3 wants the content's own. */
function contentLength({ headers }: RequestHead, { kind }: DeclaredPayload): number | undefined {
  const header = headers[kind === 'chunked' ? 'x-amz-decoded-content-length' : 'content-length']
  if (header !== undefined && LENGTH.test(header)) return Number(header)
  return kind === 'chunked' ? throwFault(framingFaults.noLength) : undefined
}

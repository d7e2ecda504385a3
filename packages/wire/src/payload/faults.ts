import type { Fault } from '../fault.ts'

/**
 * S3's refusals of bodies, in its words; their members are elements of its answer by these very names, so all are text.
 * @source answers of S3 on record in public: issue trackers of versitygw, s3s, riak_cs and the AWS SDKs
 */
const refused = (code: string, message: string, members?: Readonly<Record<string, string>>, status = 400): Fault => ({
  code,
  status,
  message,
  ...(members === undefined ? {} : { members }),
})

const invalidRequest = (message: string): Fault => refused('InvalidRequest', message)

/** What S3 lists, the asymmetric ones among it. */
const CONTENT_SHA256_VALUES =
  'UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, ' +
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, ' +
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.'

export const contentSha256Faults = {
  missing: invalidRequest('Missing required header for this request: x-amz-content-sha256'),
  junk: (value: string): Fault =>
    refused('InvalidArgument', `x-amz-content-sha256 must be ${CONTENT_SHA256_VALUES}`, {
      ArgumentName: 'x-amz-content-sha256',
      ArgumentValue: value,
    }),
  /** Ours: S3 knows these values, the platform does not. */
  asymmetric: (value: string): Fault =>
    refused(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented: ' +
        `x-amz-content-sha256 ${value} asks for Signature Version 4A; sign with AWS4-HMAC-SHA256 instead.`,
      undefined,
      501,
    ),
  /** Chunk signatures of a request whose own signature is none they could build on. */
  unsignedChunks: invalidRequest(
    "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.",
  ),
  framedUnsigned: (contentEncoding: string): Fault =>
    refused(
      'InvalidArgument',
      'aws-chunked encoding is not supported when x-amz-content-sha256 UNSIGNED-PAYLOAD is supplied.',
      { ArgumentName: 'Content-Encoding', ArgumentValue: contentEncoding },
    ),
  /** A chunked body for an operation that takes none. */
  notForThis: invalidRequest('The value of x-amz-content-sha256 header is invalid.'),
  mismatch: (declared: string, computed: string): Fault =>
    refused(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: computed },
    ),
} as const

export const framingFaults = {
  /** The framing is broken, or ends too early or too late. */
  malformed: refused('IncompleteBody', 'The request body terminated unexpectedly'),
  length: (expected: number, provided: number): Fault =>
    refused('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header', {
      NumberBytesExpected: String(expected),
      NumberBytesProvided: String(provided),
    }),
  noLength: refused('MissingContentLength', 'You must provide the Content-Length HTTP header.', undefined, 411),
  /** @param proposed left out when the request does not say */
  tooLarge: (proposed: number | undefined, allowed: number): Fault =>
    refused('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ...(proposed === undefined ? {} : { ProposedSize: String(proposed) }),
      MaxSizeAllowed: String(allowed),
    }),
  smallChunk: (chunk: number, size: number): Fault =>
    refused(
      'InvalidChunkSizeError',
      'Only the last chunk is allowed to have a size less than 8192 bytes',
      { Chunk: String(chunk), BadChunkSize: String(size) },
      403,
    ),
  trailer: refused(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  ),
} as const

export const checksumFaults = {
  unknownAlgorithm: invalidRequest('The algorithm type you specified in x-amz-checksum- header is invalid.'),
  /** Ours: S3 computes these, the platform does not. */
  notComputed: (header: string): Fault =>
    refused(
      'NotImplemented',
      `A header you provided implies functionality that is not implemented: ${header}. Use CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256 or SHA512 instead.`,
      undefined,
      501,
    ),
  several: invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.'),
  headerAndTrailer: invalidRequest('Expecting a single x-amz-checksum- header'),
  trailerUnknown: invalidRequest('The value specified in the x-amz-trailer header is not supported'),
  sdkAlgorithm: invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.'),
  sdkAlgorithmAlone: invalidRequest(
    'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
  ),
  malformed: (header: string): Fault => invalidRequest(`Value for ${header} header is invalid.`),
  malformedTrailer: (header: string): Fault => invalidRequest(`Value for ${header} trailing header is invalid.`),
  mismatch: (algorithm: string): Fault =>
    refused('BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`),
  malformedMd5: (value: string): Fault =>
    refused('InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': value }),
  /** S3 writes what it computed in base64 and what it was told in hexadecimal digits. */
  md5Mismatch: (told: Uint8Array, computed: Uint8Array): Fault =>
    refused('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      CalculatedDigest: Buffer.from(computed).toString('base64'),
      ExpectedDigest: Buffer.from(told).toString('hex'),
    }),
} as const

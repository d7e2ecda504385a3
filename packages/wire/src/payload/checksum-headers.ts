import { throwFault } from '../fault.ts'
import type { RequestHead } from '../request.ts'
import { type DigestName, isDigestName, parseDigest } from './digests.ts'
import { checksumFaults } from './faults.ts'

/** The checksum that a request declares for its body: its value, or that it comes after the body. */
export interface DeclaredChecksum {
  readonly algorithm: DigestName
  /** Left out when it comes as a trailing header. */
  readonly value?: Buffer
}

const PREFIX = 'x-amz-checksum-'
/** Headers of that prefix which are no checksum. */
const OTHERS: ReadonlySet<string> = new Set([`${PREFIX}algorithm`, `${PREFIX}type`, `${PREFIX}mode`])
/** Algorithms that S3 takes and the platform does not compute. */
const NOT_COMPUTED: ReadonlySet<string> = new Set(['xxhash3', 'xxhash64', 'xxhash128'])
const SDK_ALGORITHM = 'x-amz-sdk-checksum-algorithm'

/**
 * Reads the flexible checksum of a body from the head, in the order in which S3 looks at it.
 * @param trailers the names announced in `x-amz-trailer`
 * @throws WireError in S3's words when there is more than one, or it cannot be one
 */
export function declaredChecksum({ headers }: RequestHead, trailers: readonly string[]): DeclaredChecksum | undefined {
  const names = Object.keys(headers).filter((name) => name.startsWith(PREFIX) && !OTHERS.has(name))
  const [header] = names
  if (names.length > 1) throwFault(checksumFaults.several)
  const sdkAlgorithm = headers[SDK_ALGORITHM]?.toLowerCase()
  const [trailer] = trailers
  if (trailer !== undefined) {
    if (header !== undefined) throwFault(checksumFaults.headerAndTrailer)
    if (trailers.length > 1) throwFault(checksumFaults.several)
    const algorithm = algorithmOf(trailer, checksumFaults.trailerUnknown)
    refuseOtherAlgorithm(sdkAlgorithm, algorithm)
    return { algorithm }
  }
  if (header === undefined) {
    const isMd5 = sdkAlgorithm === 'md5' && headers['content-md5'] !== undefined
    if (sdkAlgorithm !== undefined && !isMd5) throwFault(checksumFaults.sdkAlgorithmAlone)
    return undefined
  }
  const algorithm = algorithmOf(header, checksumFaults.unknownAlgorithm)
  const value = parseDigest(algorithm, headers[header] ?? '') ?? throwFault(checksumFaults.malformed(header))
  refuseOtherAlgorithm(sdkAlgorithm, algorithm)
  return { algorithm, value }
}

function algorithmOf(header: string, unknown: (typeof checksumFaults)['unknownAlgorithm']): DigestName {
  const name = header.startsWith(PREFIX) ? header.slice(PREFIX.length) : ''
  if (NOT_COMPUTED.has(name)) return throwFault(checksumFaults.notComputed(header))
  return isDigestName(name) ? name : throwFault(unknown)
}

function refuseOtherAlgorithm(sdkAlgorithm: string | undefined, algorithm: DigestName): void {
  if (sdkAlgorithm !== undefined && sdkAlgorithm !== algorithm) throwFault(checksumFaults.sdkAlgorithm)
}

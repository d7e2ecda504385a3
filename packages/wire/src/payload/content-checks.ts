import { throwFault } from '../fault.ts'
import type { BodyDigests, OpenDigests } from './body-digests.ts'
import { type DigestName, parseDigest } from './digests.ts'
import { checksumFaults, contentSha256Faults, framingFaults } from './faults.ts'
import type { PayloadPlan } from './plan.ts'
import type { PayloadSummary } from './stream.ts'

const NO_TRAILERS: ReadonlyMap<string, string> = new Map()

/** Counts and digests content, and compares at its end. */
export class ContentChecks {
  readonly #plan: PayloadPlan
  readonly #digests: BodyDigests
  #length = 0

  constructor(plan: PayloadPlan, openDigests: OpenDigests) {
    this.#plan = plan
    const { checksum, compute, md5, sha256, length } = plan
    const names = new Set<DigestName>([
      ...compute,
      ...(sha256 === undefined ? [] : ['sha256' as const]),
      ...(md5 === undefined ? [] : ['md5' as const]),
      ...(checksum === undefined ? [] : [checksum.algorithm]),
    ])
    this.#digests = openDigests([...names], length)
  }

  /** To be called before a part is given to anybody. @throws WireError when the content becomes longer than it may */
  count(part: Uint8Array): void {
    const { length, maxBytes } = this.#plan
    this.#length += part.length
    // How much it would become is not known, and must not depend on how the network cut it.
    if (length !== undefined && this.#length > length) throwFault(framingFaults.malformed)
    if (this.#length > maxBytes) throwFault(framingFaults.tooLarge(undefined, maxBytes))
  }

  /** As {@link BodyDigests.take}. */
  digest(parts: readonly Uint8Array[], spare: Uint8Array | undefined): Promise<void> | undefined {
    return this.#digests.take(parts, spare)
  }

  /** The body is read no further. */
  drop(): void {
    this.#digests.drop()
  }

  /** @throws WireError when the content is not what the request declares */
  async end(trailers: ReadonlyMap<string, string> = NO_TRAILERS): Promise<PayloadSummary> {
    const { length, sha256, md5, checksum } = this.#plan
    if (length !== undefined && this.#length !== length) throwFault(framingFaults.length(length, this.#length))
    const computed = await this.#digests.end()
    const of = (name: DigestName): Buffer => computed.get(name) ?? Buffer.alloc(0)
    if (sha256 !== undefined && of('sha256').toString('hex') !== sha256)
      throwFault(contentSha256Faults.mismatch(sha256, of('sha256').toString('hex')))
    if (md5 !== undefined && !of('md5').equals(md5)) throwFault(checksumFaults.md5Mismatch(md5, of('md5')))
    const digests = Object.fromEntries([...computed].map(([name, bytes]) => [name, bytes.toString('base64')]))
    if (checksum === undefined) return { length: this.#length, digests }
    const { algorithm } = checksum
    const value = checksum.value ?? trailing(algorithm, trailers)
    if (!of(algorithm).equals(value)) throwFault(checksumFaults.mismatch(algorithm))
    return { length: this.#length, digests, checksum: { algorithm, value: value.toString('base64') } }
  }
}

/** The value of the header that came after the last chunk; that it came was checked there. */
function trailing(algorithm: DigestName, trailers: ReadonlyMap<string, string>): Buffer {
  const name = `x-amz-checksum-${algorithm}`
  return parseDigest(algorithm, trailers.get(name) ?? '') ?? throwFault(checksumFaults.malformedTrailer(name))
}

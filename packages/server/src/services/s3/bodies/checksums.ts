import { type DigestName, type PayloadSummary, makeDigest } from '@sluice/wire'
import { type CrcCombine, crcCombine } from '#services/s3/bodies/crc-combine.ts'
import type { Checksum, ChecksumKind, ChecksumName, ObjectPart } from '#services/s3/catalog/object-version.ts'
import { s3Errors } from '#services/s3/errors.ts'

const NAMES: Readonly<Record<DigestName, ChecksumName>> = {
  crc32: 'CRC32',
  crc32c: 'CRC32C',
  crc64nvme: 'CRC64NVME',
  md5: 'MD5',
  sha1: 'SHA1',
  sha256: 'SHA256',
  sha512: 'SHA512',
}
const isChecksumName = (name: string): name is ChecksumName => (Object.values(NAMES) as string[]).includes(name)
export const digestOf = (name: ChecksumName): DigestName => name.toLowerCase() as DigestName

/** What is stored as an object's checksum: the one that the client sent, or one of `algorithm` that was computed. */
export function storedChecksum({ checksum, digests }: PayloadSummary, algorithm: ChecksumName): Checksum | undefined {
  if (checksum !== undefined)
    return { algorithm: NAMES[checksum.algorithm], type: 'FULL_OBJECT', value: checksum.value }
  const value = digests[digestOf(algorithm)]
  return value === undefined ? undefined : { algorithm, type: 'FULL_OBJECT', value }
}

/** The members of an answer that tell a checksum, e.g. `{ChecksumCRC32: 'AAAAAA=='}`. */
export const checksumMembers = (checksum: Omit<Checksum, 'type'> | undefined): Readonly<Record<string, string>> =>
  checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value }

/** As {@link checksumMembers}, and what it is of. */
export const typedChecksumMembers = (
  checksum: Checksum | undefined,
): Readonly<Record<string, string>> & { readonly ChecksumType?: ChecksumKind } =>
  checksum === undefined ? {} : { ...checksumMembers(checksum), ChecksumType: checksum.type }

/** The checksum that an input names, if it names one. */
export function givenChecksum(input: object): Omit<Checksum, 'type'> | undefined {
  for (const [name, value] of Object.entries(input)) {
    const algorithm = /^Checksum(.+)$/.exec(name)?.[1] ?? ''
    if (typeof value === 'string' && isChecksumName(algorithm)) return { algorithm, value }
  }
  return undefined
}

/** @throws S3Error NotImplemented for the XXHASH ones */
export function knownAlgorithm(name: string): ChecksumName {
  if (!isChecksumName(name)) throw s3Errors.notBuilt(`The checksum algorithm ${name}`)
  return name
}

const COMBINERS: Readonly<Partial<Record<ChecksumName, { readonly bytes: number; readonly combine: CrcCombine }>>> = {
  CRC32: { bytes: 4, combine: crcCombine(0xed_b8_83_20n, 32) },
  CRC32C: { bytes: 4, combine: crcCombine(0x82_f6_3b_78n, 32) },
  CRC64NVME: { bytes: 8, combine: crcCombine(0x9a_6c_93_29_ac_4b_c9_b5n, 64) },
}

/** What kind of checksum an upload in parts has by default, and whether it can have another. @source Amazon S3 user guide, "Checking object integrity" */
export function kindOf(algorithm: ChecksumName, asked: ChecksumKind | undefined): ChecksumKind {
  const possible: readonly ChecksumKind[] =
    algorithm === 'CRC64NVME'
      ? ['FULL_OBJECT']
      : COMBINERS[algorithm] === undefined
        ? ['COMPOSITE']
        : ['COMPOSITE', 'FULL_OBJECT']
  const kind = asked ?? possible[0] ?? 'COMPOSITE'
  if (!possible.includes(kind)) {
    throw s3Errors.invalidRequest(
      `The ${kind} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  }
  return kind
}

/** The checksum of the object that parts make, which is worked out from theirs. `undefined`: not all have one. */
export function checksumOfParts(
  parts: readonly ObjectPart[],
  algorithm: ChecksumName,
  type: ChecksumKind,
): Checksum | undefined {
  const values = parts.map(({ checksum }) => (checksum?.algorithm === algorithm ? checksum.value : undefined))
  if (!values.every((value) => value !== undefined)) return undefined
  const digests = values.map((value) => Buffer.from(value, 'base64'))
  if (type === 'COMPOSITE') {
    const whole = digestOfDigests(algorithm, Buffer.concat(digests))
    return { algorithm, type, value: `${whole.toString('base64')}-${String(parts.length)}` }
  }
  const combiner = COMBINERS[algorithm]
  if (combiner === undefined) return undefined
  const { bytes, combine } = combiner
  const whole = digests.reduce(
    (sum, digest, n) => combine(sum, BigInt(`0x${digest.toString('hex')}`), parts[n]?.blob.length ?? 0),
    0n,
  )
  const value = Buffer.from(whole.toString(16).padStart(bytes * 2, '0'), 'hex').toString('base64')
  return { algorithm, type, value }
}

function digestOfDigests(algorithm: ChecksumName, bytes: Buffer): Buffer {
  const digest = makeDigest(digestOf(algorithm))
  digest.update(bytes)
  return digest.digest()
}

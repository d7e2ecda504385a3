import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { crc32c } from './crc32c.ts'
import { crc64nvme } from './crc64nvme.ts'

/** What can be computed of a body while it streams: S3's checksums by their names in headers, and what its ETag is made of. */
export type DigestName = 'crc32' | 'crc32c' | 'crc64nvme' | 'md5' | 'sha1' | 'sha256' | 'sha512'

/** Takes bytes until the digest is asked for, once. */
export interface Digest {
  update(bytes: Uint8Array): void
  /** Big-endian, as S3 encodes it. */
  digest(): Buffer
}

interface DigestKind {
  /** Length of the digest. */
  readonly bytes: number
  make(): Digest
}

const KINDS: Readonly<Record<DigestName, DigestKind>> = {
  crc32: { bytes: 4, make: () => crc((bytes, before) => crc32(bytes, before)) },
  crc32c: { bytes: 4, make: () => crc(crc32c) },
  crc64nvme: { bytes: 8, make: crc64 },
  md5: { bytes: 16, make: () => hashing('md5') },
  sha1: { bytes: 20, make: () => hashing('sha1') },
  sha256: { bytes: 32, make: () => hashing('sha256') },
  sha512: { bytes: 64, make: () => hashing('sha512') },
}

export const isDigestName = (name: string): name is DigestName => Object.hasOwn(KINDS, name)

export const makeDigest = (name: DigestName): Digest => KINDS[name].make()

/** The bytes a client wrote in base64; `undefined` when it is not the base64 of a digest of this kind. */
export function parseDigest(name: DigestName, text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === KINDS[name].bytes && bytes.toString('base64') === text ? bytes : undefined
}

function hashing(algorithm: string): Digest {
  const hash = createHash(algorithm)
  return {
    update(bytes) {
      hash.update(bytes)
    },
    digest: () => hash.digest(),
  }
}

function crc(step: (bytes: Uint8Array, before: number) => number): Digest {
  let value = 0
  return {
    update(bytes) {
      value = step(bytes, value)
    },
    digest() {
      const made = Buffer.alloc(4)
      made.writeUInt32BE(value)
      return made
    },
  }
}

function crc64(): Digest {
  const value = { high: 0, low: 0 }
  return {
    update: (bytes) => crc64nvme(bytes, value),
    digest() {
      const made = Buffer.alloc(8)
      made.writeInt32BE(value.high)
      made.writeInt32BE(value.low, 4)
      return made
    },
  }
}

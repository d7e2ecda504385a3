import { createHash } from 'node:crypto'
import { certificatesOf } from '#engines/ldap/authorities.ts'

/** @source sun.security.provider.JavaKeyStore: big-endian, entries of kind 2 are trusted certificates */
const MAGIC = 0xfe_ed_fe_ed
const VERSION = 2
const TRUSTED_CERTIFICATE = 2
const WHITENER = 'Mighty Aphrodite'

/** A Java key store that trusts authorities, and nobody else. */
export function trustStore(authoritiesPem: string, password: string): Buffer {
  const certificates = certificatesOf(authoritiesPem)
  const body = Buffer.concat([
    uint32(MAGIC),
    uint32(VERSION),
    uint32(certificates.length),
    ...certificates.map(({ raw, validFromDate }, index) =>
      Buffer.concat([
        uint32(TRUSTED_CERTIFICATE),
        text(`ca${String(index)}`),
        uint64(validFromDate.getTime()),
        text('X.509'),
        uint32(raw.length),
        raw,
      ]),
    ),
  ])
  const digest = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    .update(WHITENER)
    .update(body)
    .digest()
  return Buffer.concat([body, digest])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** ASCII with its length before it. */
function text(value: string): Buffer {
  const bytes = Buffer.alloc(2 + value.length)
  bytes.writeUInt16BE(value.length)
  bytes.write(value, 2, 'latin1')
  return bytes
}

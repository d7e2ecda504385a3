import { hostname, networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import type { CertificateAuthority, IssuedCertificate } from '#kernel/ca.ts'

/** The certificate that the platform's port presents, made when the first client asks for it and kept from then on. */
export interface HttpsCertificate {
  get(): Promise<IssuedCertificate>
  /** Waits for one that is being made, so that its file is whole. */
  close(): Promise<void>
}

/** @param file where it is kept, with its key (0600) */
export function httpsCertificate(authority: CertificateAuthority, file: string, host: string): HttpsCertificate {
  let made: Promise<IssuedCertificate> | undefined
  return {
    get() {
      made ??= authority
        .issueTo(file, { commonName: 'localhost', ...certificateNames(host) })
        .catch((error: unknown) => {
          made = undefined
          throw error
        })
      return made
    },
    async close() {
      await made?.catch(() => {})
    },
  }
}

/** What clients make of a name: live tail puts a word before it, S3 a bucket below it. A wildcard stands for one label. */
const variantsOf = (name: string): readonly string[] => [
  name,
  `*.${name}`,
  `*.s3.${name}`,
  `stream-${name}`,
  `streaming-${name}`,
]

/** Every name and address under which clients reach a platform that listens on `host`. */
export function certificateNames(host: string): {
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
} {
  const everywhere = host === '0.0.0.0' || host === '::'
  const names = everywhere ? [hostname()] : isIP(host) === 0 ? [host] : []
  const addresses = everywhere ? machineAddresses() : isIP(host) === 0 ? [] : [host]
  return {
    dnsNames: unique(['localhost', ...names.map((name) => name.toLowerCase())].flatMap(variantsOf)),
    ipAddresses: unique(['127.0.0.1', '::1', ...addresses]),
  }
}

const machineAddresses = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses.map(({ address }) => address))
    // A link-local address means something on one link only, and clients name it with its zone.
    .filter((address) => !/^fe80:/i.test(address))
    .toSorted()

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

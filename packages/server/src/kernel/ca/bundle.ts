import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP, SocketAddress } from 'node:net'
import { readIfThere, replaceFile } from '#kernel/files.ts'
import type { CertificateRequest, IssuedCertificate } from '#kernel/ca/issued-certificate.ts'

const DAY_MILLIS = 24 * 60 * 60 * 1_000
/** A kept certificate is replaced when it has less left, so that a process started with it may run for so long. */
const RENEW_MILLIS = 180 * DAY_MILLIS

const BLOCK = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\r?\n?/g

/** A certificate with its key and its authority in one PEM file; undefined when there is none or it is not readable as one. */
export async function readBundle(file: string): Promise<IssuedCertificate | undefined> {
  const text = await readIfThere(file)
  if (text === undefined) return undefined
  const blocks = [...text.matchAll(BLOCK)].map(([pem, label]) => ({ pem, label }))
  const [key, certificate, authority] = blocks
  if (key?.label !== 'PRIVATE KEY' || certificate?.label !== 'CERTIFICATE' || authority?.label !== 'CERTIFICATE')
    return undefined
  return { privateKeyPem: key.pem, certificatePem: certificate.pem, chainPem: certificate.pem + authority.pem }
}

/** Keeps a certificate as {@link readBundle} finds it: one PEM file, 0600. */
export const writeBundle = (file: string, issued: IssuedCertificate): Promise<void> =>
  replaceFile(file, issued.privateKeyPem + issued.chainPem)

/** Whether a certificate is due to be replaced. @throws Error when it is none */
export const isNearEnd = ({ certificatePem }: IssuedCertificate, now: number): boolean =>
  new X509Certificate(certificatePem).validToDate.getTime() - now <= RENEW_MILLIS

/** Whether a kept certificate can serve the request: same names, this authority, its own key, and enough time left. */
export function stillGood(
  kept: IssuedCertificate,
  request: CertificateRequest,
  authorityPem: string,
  now: number,
): boolean {
  try {
    const certificate = new X509Certificate(kept.certificatePem)
    const authority = new X509Certificate(authorityPem)
    return (
      !isNearEnd(kept, now) &&
      kept.chainPem.endsWith(authorityPem) &&
      certificate.checkIssued(authority) &&
      certificate.verify(authority.publicKey) &&
      certificate.checkPrivateKey(createPrivateKey(kept.privateKeyPem)) &&
      certificate.subject === `CN=${request.commonName}` &&
      certificate.subjectAltName === wantedNames(request)
    )
  } catch {
    return false
  }
}

/** The subject alternative names as `X509Certificate` prints them. */
function wantedNames(request: CertificateRequest): string {
  const dns = (request.dnsNames ?? []).map((name) => `DNS:${name}`)
  const ips = (request.ipAddresses ?? []).map((address) => `IP Address:${printed(address)}`)
  return [...dns, ...ips].join(', ')
}

/** OpenSSL prints an IPv6 address in full groups, upper case and without leading zeros. */
function printed(address: string): string {
  if (isIP(address) !== 6) return address
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address
  const [head = '', tail] = canonical.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].join(':').toUpperCase()
}

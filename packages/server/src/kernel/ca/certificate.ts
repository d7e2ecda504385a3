import { createHash, createPublicKey, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import type forge from 'node-forge'
import type { CertificateRequest, IssuedCertificate } from '#kernel/ca/issued-certificate.ts'

export interface Authority {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

type Forge = typeof forge

const HOUR_MILLIS = 60 * 60 * 1_000
const DAY_MILLIS = 24 * HOUR_MILLIS
const AUTHORITY_DAYS = 3_650
const SERVER_DAYS = 825

/** Loaded on first use: it takes longer to load than the rest of the kernel, and a start with kept certificates needs it not. */
export const loadForge = async (): Promise<Forge> => (await import('node-forge')).default

/** A self-signed certificate for the authority's key. The same key always has the same name, so what it issued before stays good. */
export async function renewAuthority(privateKeyPem: string, now: number): Promise<string> {
  const forge = await loadForge()
  const certificate = blank(forge, privateKeyPem, now, AUTHORITY_DAYS)
  const name = [{ name: 'commonName', value: `Sluice CA ${fingerprint(privateKeyPem)}` }]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ])
  return signed(forge, certificate, privateKeyPem)
}

/** @throws Error when the request names nothing that a client could check, or an address that is none. */
export async function issueCertificate(
  authority: Authority,
  request: CertificateRequest,
  newPrivateKey: () => Promise<string>,
  now: number,
): Promise<IssuedCertificate> {
  const names = alternativeNames(request)
  const [forge, privateKeyPem] = await Promise.all([loadForge(), newPrivateKey()])
  const issuer = forge.pki.certificateFromPem(authority.certificatePem)
  const certificate = blank(forge, privateKeyPem, now, SERVER_DAYS)
  certificate.setSubject([{ name: 'commonName', value: request.commonName }])
  certificate.setIssuer(issuer.subject.attributes)
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: names },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ])
  const certificatePem = signed(forge, certificate, authority.privateKeyPem)
  return { certificatePem, privateKeyPem, chainPem: certificatePem + authority.certificatePem }
}

function blank(forge: Forge, privateKeyPem: string, now: number, days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate()
  const publicKey = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' })
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  certificate.serialNumber = serialNumber()
  // An hour back, for clients whose clock is behind.
  certificate.validity.notBefore = new Date(now - HOUR_MILLIS)
  certificate.validity.notAfter = new Date(now + days * DAY_MILLIS)
  return certificate
}

/** The certificate in PEM. Signed by OpenSSL, because forge takes tens of milliseconds of the event loop for it. */
function signed(forge: Forge, certificate: forge.pki.Certificate, privateKeyPem: string): string {
  const key = {
    sign: () => {
      const content = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'binary')
      return sign('sha256', content, privateKeyPem).toString('binary')
    },
  }
  // All that forge asks of a key here is that it signs.
  certificate.sign(key as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create())
  return forge.pki.certificateToPem(certificate)
}

/** 128 random bits, positive in DER. */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0)
  return bytes.toString('hex')
}

function alternativeNames(request: CertificateRequest): { type: number; value?: string; ip?: string }[] {
  const dns = (request.dnsNames ?? []).map((value) => ({ type: 2, value }))
  const ips = (request.ipAddresses ?? []).map((ip) => {
    if (isIP(ip) === 0)
      throw new Error(`a certificate cannot name the address ${JSON.stringify(ip)}: it is no IP address`)
    return { type: 7, ip }
  })
  if (dns.length + ips.length === 0)
    throw new Error('a certificate must name a host or an address, or no client accepts it')
  return [...dns, ...ips]
}

function fingerprint(privateKeyPem: string): string {
  const spki = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('hex').slice(0, 8)
}

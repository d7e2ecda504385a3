import { createHash, createPublicKey, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import type forge from 'node-forge'
import { newPrivateKey } from '#kernel/ca/keys.ts'
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
  const key = forge.pki.privateKeyFromPem(privateKeyPem)
  const certificate = blank(forge, key, now, AUTHORITY_DAYS)
  const name = [{ name: 'commonName', value: `Sluice CA ${fingerprint(privateKeyPem)}` }]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ])
  certificate.sign(key, forge.md.sha256.create())
  return forge.pki.certificateToPem(certificate)
}

/** @throws Error when the request names nothing that a client could check, or an address that is none. */
export async function issueCertificate(
  authority: Authority,
  request: CertificateRequest,
  now: number,
): Promise<IssuedCertificate> {
  const names = alternativeNames(request)
  const [forge, privateKeyPem] = await Promise.all([loadForge(), newPrivateKey()])
  const issuer = forge.pki.certificateFromPem(authority.certificatePem)
  const certificate = blank(forge, forge.pki.privateKeyFromPem(privateKeyPem), now, SERVER_DAYS)
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
  certificate.sign(forge.pki.privateKeyFromPem(authority.privateKeyPem), forge.md.sha256.create())
  const certificatePem = forge.pki.certificateToPem(certificate)
  return { certificatePem, privateKeyPem, chainPem: certificatePem + authority.certificatePem }
}

function blank(forge: Forge, key: forge.pki.rsa.PrivateKey, now: number, days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e)
  certificate.serialNumber = serialNumber()
  // An hour back, for clients whose clock is behind.
  certificate.validity.notBefore = new Date(now - HOUR_MILLIS)
  certificate.validity.notAfter = new Date(now + days * DAY_MILLIS)
  return certificate
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

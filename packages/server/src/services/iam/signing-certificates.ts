import { X509Certificate } from 'node:crypto'
import type { EpochMillis } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { HeldItem, HeldKind } from '#services/iam/held-items.ts'

/** X.509 certificates of users, in collection `iam.signing-certificate`. */
export const SIGNING_CERTIFICATES: HeldKind = {
  collection: 'iam.signing-certificate',
  quota: 'CertificatesPerUser',
  most: 2,
  notFound: (id) => iamErrors.certificateNotFound(id),
}

const BLOCK = '-----BEGIN CERTIFICATE-----'

/** The one certificate in a text. @throws AwsError MalformedCertificate also for one whose time is over */
export function readCertificate(pem: string, now: EpochMillis): X509Certificate {
  const certificate = pem.split(BLOCK).length === 2 ? parsed(pem) : undefined
  if (certificate === undefined) throw iamErrors.malformedCertificate()
  if (certificate.validToDate.getTime() <= now) throw iamErrors.expiredCertificate()
  return certificate
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/**
 * Whether a chain leads up from a certificate, each next one the issuer of the one before. `undefined`: it does; else the
 * place of the first that does not fit, or cannot be read.
 */
export function brokenLink(certificate: X509Certificate, chain: string): number | undefined {
  let below = certificate
  const blocks = chain.split(BLOCK).slice(1)
  if (blocks.length === 0) return 0
  for (const [index, block] of blocks.entries()) {
    const above = parsed(BLOCK + block)
    if (above === undefined || !below.checkIssued(above) || !below.verify(above.publicKey)) return index
    below = above
  }
  return undefined
}

/** A signing certificate as answers show it. */
export const signingCertificateView = (userName: string, { id, body, status, uploadedAt }: HeldItem) => ({
  UserName: userName,
  CertificateId: id,
  CertificateBody: body,
  Status: status,
  UploadDate: uploadedAt,
})

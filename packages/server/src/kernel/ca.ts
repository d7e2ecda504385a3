import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { issueCertificate, renewAuthority } from '#kernel/ca/certificate.ts'
import { keysAhead, newPrivateKey } from '#kernel/ca/keys.ts'
import { createOnce, readIfThere, replaceFile } from '#kernel/files.ts'
import { isNearEnd, readBundle, stillGood, writeBundle } from '#kernel/ca/bundle.ts'

import type { CertificateRequest, IssuedCertificate } from '#kernel/ca/issued-certificate.ts'

export { pkcs12 } from '#kernel/ca/pkcs12.ts'
export type { IssuedCertificate }

/** The platform's own certificate authority: clients trust its one certificate, and with it every listener of the platform. */
export interface CertificateAuthority {
  /** What clients put into their trust store; `sluice ca` prints it. */
  readonly certificatePem: string
  /** A new key and a server certificate for it, valid for 825 days (the most that Apple's systems accept). */
  issue(request: CertificateRequest): Promise<IssuedCertificate>
  /** Must answer the certificate kept in `file` while it fits the request and is not near its end; else issue one and keep it there (0600). */
  issueTo(file: string, request: CertificateRequest): Promise<IssuedCertificate>
  /** Whether the certificate kept in `file` is so near its end that {@link issueTo} would replace it; false when there is none. */
  isDue(file: string): Promise<boolean>
}

const DAY_MILLIS = 24 * 60 * 60 * 1_000
/** The authority's certificate is replaced, under the same key, this long before its end: certificates it issues live for less. */
const RENEW_AUTHORITY_MILLIS = 3 * 365 * DAY_MILLIS

/**
 * Opens the authority of `directory`, making its key and certificate (0600) when they are missing. Certificates are
 * judged by real time, not by the platform's clock, because clients judge them so.
 * @throws Error when the key in the directory cannot be read
 */
export async function openCertificateAuthority(
  directory: string,
  now: () => number = Date.now,
): Promise<CertificateAuthority> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const privateKeyPem = await createOnce(join(directory, 'ca.key'), newPrivateKey)
  const certificatePem = await authorityCertificate(join(directory, 'ca.pem'), privateKeyPem, now())
  const authority = { certificatePem, privateKeyPem }

  const nextKey = keysAhead()
  const issue = (request: CertificateRequest): Promise<IssuedCertificate> =>
    issueCertificate(authority, request, nextKey, now())
  return {
    certificatePem,
    issue,
    async issueTo(file, request) {
      const kept = await readBundle(file)
      if (kept !== undefined && stillGood(kept, request, certificatePem, now())) return kept
      const issued = await issue(request)
      await writeBundle(file, issued)
      return issued
    },
    async isDue(file) {
      const kept = await readBundle(file)
      return kept !== undefined && isNearEnd(kept, now())
    },
  }
}

async function authorityCertificate(file: string, privateKeyPem: string, now: number): Promise<string> {
  const kept = await readIfThere(file)
  if (kept !== undefined && mayStay(kept, privateKeyPem, now)) return kept
  const renewed = await renewAuthority(privateKeyPem, now)
  await replaceFile(file, renewed)
  return renewed
}

function mayStay(certificatePem: string, privateKeyPem: string, now: number): boolean {
  try {
    const certificate = new X509Certificate(certificatePem)
    return (
      certificate.validToDate.getTime() - now > RENEW_AUTHORITY_MILLIS &&
      certificate.checkPrivateKey(createPrivateKey(privateKeyPem))
    )
  } catch {
    return false
  }
}

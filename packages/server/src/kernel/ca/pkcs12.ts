import { loadForge } from '#kernel/ca/certificate.ts'
import type { IssuedCertificate } from '#kernel/ca/issued-certificate.ts'

/** Key and chain as a PKCS#12 store under `password`: what Java reads as a key store. */
export async function pkcs12(issued: IssuedCertificate, password: string, friendlyName: string): Promise<Buffer> {
  const forge = await loadForge()
  const chain = issued.chainPem
    .split(/(?<=-----END CERTIFICATE-----)/)
    .filter((pem) => pem.includes('BEGIN'))
    .map((pem) => forge.pki.certificateFromPem(pem))
  const key = forge.pki.privateKeyFromPem(issued.privateKeyPem)
  const store = forge.pkcs12.toPkcs12Asn1(key, chain, password, {
    algorithm: 'aes256',
    friendlyName,
    generateLocalKeyId: true,
  })
  return Buffer.from(forge.asn1.toDer(store).getBytes(), 'binary')
}

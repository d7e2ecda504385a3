import { loadForge } from '#kernel/ca/certificate.ts'
import type { IssuedCertificate } from '#kernel/ca/issued-certificate.ts'

/** A random password needs no slow derivation, which would keep the event loop busy for tens of milliseconds. */
const ROUNDS = 100

/** Key and chain as a PKCS#12 store, which Java reads as a key store. `password` must be long and random. */
export async function pkcs12(issued: IssuedCertificate, password: string, friendlyName: string): Promise<Buffer> {
  const forge = await loadForge()
  const chain = issued.chainPem
    .split(/(?<=-----END CERTIFICATE-----)/)
    .filter((pem) => pem.includes('BEGIN'))
    .map((pem) => forge.pki.certificateFromPem(pem))
  const key = forge.pki.privateKeyFromPem(issued.privateKeyPem)
  const store = forge.pkcs12.toPkcs12Asn1(key, chain, password, {
    algorithm: 'aes256',
    count: ROUNDS,
    friendlyName,
    generateLocalKeyId: true,
  })
  return Buffer.from(forge.asn1.toDer(store).getBytes(), 'binary')
}

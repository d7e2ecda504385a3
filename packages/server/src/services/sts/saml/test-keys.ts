import { generateKeyPairSync } from 'node:crypto'
import forge from 'node-forge'

/** For tests: a key and the certificate of it, base64 of DER. */
export interface TestKey {
  readonly privateKeyPem: string
  readonly certificate: string
}

/** A key of P-256 with a certificate for a hundred years; made for these tests, and good for nothing else. */
export const ELLIPTIC: TestKey = {
  privateKeyPem: pem(
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIeH5pcFoNEyWDyLpjW7jwv0ZbPtl9Cxw8Zw5B9rJAhKhRANCAAThR6wQ0/3rvo9JMyOzpoX7j2r0EUqtUQk4mJVNm1tnJYClDdr0Vfu8U7RTYDXgH5f6V2Z7QvFsjeWBKNzuzCvP',
  ),
  certificate:
    'MIIBfjCCASWgAwIBAgIUD6EfXwrhDpgAKsbdzBQx+r0B7a4wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJc2FtbCB0ZXN0MCAXDTI2MTEyOTA0MzMzMloYDzIxMjYxMTA1MDQzMzMyWjAUMRIwEAYDVQQDDAlzYW1sIHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAThR6wQ0/3rvo9JMyOzpoX7j2r0EUqtUQk4mJVNm1tnJYClDdr0Vfu8U7RTYDXgH5f6V2Z7QvFsjeWBKNzuzCvPo1MwUTAdBgNVHQ4EFgQUitBgJqYf91wGCYIpdVoH60i+kcowHwYDVR0jBBgwFoAUitBgJqYf91wGCYIpdVoH60i+kcowDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiACP/PajP59HyuDK5erOsx55W1pUknhYX6yXExnTLUa8wIgDNE3yDZa2RcMSL7hN8mFoAkXUPDjG3zX1eyg4tA/BwY=',
}

/** A new RSA key with a certificate that ended long ago, which is no fault of it. */
export function rsaKey(bits = 2_048): TestKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const key = forge.pki.privateKeyFromPem(privateKeyPem)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date('2020-01-01T00:00:00Z')
  certificate.validity.notAfter = new Date('2021-01-01T00:00:00Z')
  const name = [{ name: 'commonName', value: 'saml test' }]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.sign(key, forge.md.sha256.create())
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes()
  return { privateKeyPem, certificate: Buffer.from(der, 'latin1').toString('base64') }
}

function pem(base64: string): string {
  return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`
}

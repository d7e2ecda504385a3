/** What a certificate speaks for. At least one DNS name or IP address, or no client would accept it. */
export interface CertificateRequest {
  readonly commonName: string
  readonly dnsNames?: readonly string[]
  /** IPv4 or IPv6 addresses in text form. */
  readonly ipAddresses?: readonly string[]
}

/** A certificate with its key and its way up to the authority, all in PEM. */
export interface IssuedCertificate {
  readonly certificatePem: string
  /** PKCS#8, unencrypted: keep it in files of mode 0600. */
  readonly privateKeyPem: string
  /** The certificate followed by the authority's own, as a TLS server presents it. */
  readonly chainPem: string
}

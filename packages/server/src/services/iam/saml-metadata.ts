import { X509Certificate } from 'node:crypto'
import type { EpochMillis } from '#kernel/ids.ts'
import { XmlError, type XmlElement, childrenNamed, elementsWithin, readDateTime, readXml } from '#kernel/xml.ts'

/** What a provider's metadata says, as far as its assertions need it. */
export interface SamlMetadata {
  /** What its assertions name as their issuer. */
  readonly entityId: string
  /** Certificates it signs with: base64 of DER. */
  readonly certificates: readonly string[]
  readonly validUntil?: EpochMillis
}

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#'
const MAX_CERTIFICATES = 10
const MAX_ENTITY_ID_CHARS = 1_024
const MIN_RSA_BITS = 1_024

/**
 * Reads the metadata of one identity provider.
 * @throws XmlError saying what is missing or wrong
 */
export function readSamlMetadata(document: string): SamlMetadata {
  const root = readXml(document)
  if (root.name !== 'EntityDescriptor' || root.namespace !== METADATA)
    throw new XmlError('the root is no EntityDescriptor of SAML 2.0 metadata')
  const entityId = root.attribute('entityID')
  if (entityId === undefined || entityId === '' || entityId.length > MAX_ENTITY_ID_CHARS)
    throw new XmlError('the EntityDescriptor has no entityID')
  const roles = childrenNamed(root, METADATA, 'IDPSSODescriptor')
  if (roles.length === 0) throw new XmlError('there is no IDPSSODescriptor')
  const certificates = [...new Set(roles.flatMap(signingCertificates))]
  if (certificates.length === 0) throw new XmlError('there is no certificate to check signatures with')
  if (certificates.length > MAX_CERTIFICATES) throw new XmlError('there are more than ten certificates')
  const validUntil = root.attribute('validUntil')
  return { entityId, certificates, ...(validUntil === undefined ? {} : { validUntil: readDateTime(validUntil) }) }
}

/** A descriptor without `use` is for everything. */
const signingCertificates = (role: XmlElement): readonly string[] =>
  childrenNamed(role, METADATA, 'KeyDescriptor')
    .filter((key) => (key.attribute('use') ?? 'signing') === 'signing')
    .flatMap((key) => [...elementsWithin(key)])
    .filter(({ name, namespace }) => name === 'X509Certificate' && namespace === SIGNATURE)
    .map(({ text }) => certificateOf(text))

function certificateOf(text: string): string {
  const base64 = text.replace(/\s+/g, '')
  try {
    const { publicKey, raw } = new X509Certificate(Buffer.from(base64, 'base64'))
    const { modulusLength = MIN_RSA_BITS } = publicKey.asymmetricKeyDetails ?? {}
    const { asymmetricKeyType: type } = publicKey
    if ((type === 'rsa' && modulusLength >= MIN_RSA_BITS) || type === 'ec') return raw.toString('base64')
  } catch {
    throw new XmlError('a certificate cannot be read')
  }
  throw new XmlError('a certificate has a key that is neither RSA of 1,024 bits or more, nor elliptic')
}

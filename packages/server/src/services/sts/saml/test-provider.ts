import { createHash, createSign } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { type TestKey, rsaKey } from '#services/sts/saml/test-keys.ts'

const DSIG_MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
export const AUDIENCE = 'https://signin.aws.amazon.com/saml'
export const ISSUER = 'https://idp.example.com/metadata'
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'

/** One key for all tests of a file: making one takes a while. */
export const KEY: TestKey = rsaKey()

/** The metadata of the provider with these certificates, long enough for IAM. */
export const metadata = (certificates: readonly string[] = [KEY.certificate], more = ''): string =>
  `<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${ISSUER}"${more}>
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
${certificates
  .map(
    (certificate) =>
      `    <KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`,
  )
  .join('\n')}
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.com/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>`

/** What a response says; times in epoch milliseconds. */
export interface Said {
  readonly now: number
  readonly issuer?: string
  readonly subject?: string
  readonly format?: string
  readonly audience?: string
  readonly recipient?: string
  readonly notBefore?: number
  readonly notOnOrAfter?: number
  readonly issuedAt?: number
  readonly sessionNotOnOrAfter?: number
  readonly status?: string
  /** By full name. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>
}

const iso = (at: number): string => new Date(at).toISOString()

export const assertionXml = (said: Said, id = '_a1'): string => {
  const { now, issuedAt = now - 1_000, notOnOrAfter = now + 240_000 } = said
  const attributes = Object.entries(said.attributes ?? {})
    .map(
      ([name, values]) =>
        `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
    )
    .join('')
  const ends = said.sessionNotOnOrAfter === undefined ? '' : ` SessionNotOnOrAfter="${iso(said.sessionNotOnOrAfter)}"`
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${iso(issuedAt)}">` +
    `<saml:Issuer>${said.issuer ?? ISSUER}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="${said.format ?? PERSISTENT}">${said.subject ?? 'alice'}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
    `<saml:SubjectConfirmationData NotOnOrAfter="${iso(notOnOrAfter)}" Recipient="${said.recipient ?? AUDIENCE}"/>` +
    `</saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${iso(said.notBefore ?? now - 60_000)}" NotOnOrAfter="${iso(notOnOrAfter)}">` +
    `<saml:AudienceRestriction><saml:Audience>${said.audience ?? AUDIENCE}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${iso(now)}"${ends}/>` +
    `<saml:AttributeStatement>${attributes}</saml:AttributeStatement></saml:Assertion>`
  )
}

export const responseXml = (assertion: string, { now, status = 'Success' }: Said): string =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0" IssueInstant="${iso(now)}">` +
  `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status>${assertion}</samlp:Response>`

/** How a document is signed. */
export interface Signing {
  readonly element?: 'Assertion' | 'Response'
  readonly key?: TestKey
  readonly algorithm?: string
  readonly digest?: string
  readonly transforms?: readonly string[]
}

export const RSA_SHA256 = `${DSIG_MORE}rsa-sha256`

/** The document with a signature as last child of the element. */
export function sign(xml: string, options: Signing = {}): string {
  const { element = 'Assertion', key = KEY, algorithm = RSA_SHA256 } = options
  const signer = new SignedXml({
    privateKey: key.privateKeyPem,
    canonicalizationAlgorithm: EXCLUSIVE,
    signatureAlgorithm: algorithm,
  })
  signer.SignatureAlgorithms = { ...signer.SignatureAlgorithms, ...moreSignatures() }
  signer.HashAlgorithms = {
    ...signer.HashAlgorithms,
    [`${DSIG_MORE}sha384`]: hashClass(`${DSIG_MORE}sha384`, 'sha384'),
  }
  const xpath = `//*[local-name(.)='${element}']`
  signer.addReference({
    xpath,
    digestAlgorithm: options.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: options.transforms ?? [ENVELOPED, EXCLUSIVE],
  })
  signer.computeSignature(xml, { location: { reference: xpath, action: 'append' } })
  return signer.getSignedXml()
}

/** A whole response, signed and encoded as it is sent. */
export const samlResponse = (said: Said, signing: Signing = {}): string =>
  encode(sign(responseXml(assertionXml(said), said), signing))

export const encode = (xml: string): string => Buffer.from(xml).toString('base64')

const hashClass = (name: string, hash: string) =>
  class {
    getAlgorithmName = () => name
    getHash = (text: string) => createHash(hash).update(text, 'utf8').digest('base64')
  }

function moreSignatures() {
  const made = ['rsa-sha384', 'rsa-sha512', 'ecdsa-sha256', 'ecdsa-sha384', 'ecdsa-sha512'].map((name) => {
    const algorithm = `${DSIG_MORE}${name}`
    const hash = name.slice(name.indexOf('-') + 1)
    const signature = class {
      getAlgorithmName = () => algorithm
      verifySignature = (): boolean => false
      getSignature = (text: string, key: string): string =>
        createSign(hash).update(text).sign({ key, dsaEncoding: 'ieee-p1363' }, 'base64')
    }
    return [algorithm, signature] as const
  })
  return Object.fromEntries(made) as unknown as SignedXml['SignatureAlgorithms']
}

import { createVerify, createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { XmlError, type XmlElement, childrenNamed, elementsWithin, readXml } from '#kernel/xml.ts'

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const DSIG_MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = `${DSIG}enveloped-signature`

/** Hash algorithms by name. SHA-1 is not among them: signatures with it can be forged. */
const HASHES: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  [`${DSIG_MORE}sha384`]: 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
}

/** Signature algorithms by name: the hash, and the kind of key, so that no key is used for what it is not. */
const SIGNATURES: Readonly<Record<string, { readonly hash: string; readonly key: 'rsa' | 'ec' }>> = {
  [`${DSIG_MORE}rsa-sha256`]: { hash: 'sha256', key: 'rsa' },
  [`${DSIG_MORE}rsa-sha384`]: { hash: 'sha384', key: 'rsa' },
  [`${DSIG_MORE}rsa-sha512`]: { hash: 'sha512', key: 'rsa' },
  [`${DSIG_MORE}ecdsa-sha256`]: { hash: 'sha256', key: 'ec' },
  [`${DSIG_MORE}ecdsa-sha384`]: { hash: 'sha384', key: 'ec' },
  [`${DSIG_MORE}ecdsa-sha512`]: { hash: 'sha512', key: 'ec' },
}

/**
 * The element that a signature inside it covers, read anew from the very bytes that were signed; nothing else of the
 * document can be trusted. `undefined`: it has no signature, or not one of these certificates (base64 of DER) made it.
 * @throws XmlError for a signature of a form that is not taken
 */
export function signedElement(
  document: string,
  element: XmlElement,
  certificates: readonly string[],
): XmlElement | undefined {
  const [signature, ...more] = childrenNamed(element, DSIG, 'Signature')
  if (signature === undefined) return undefined
  if (more.length > 0) throw new XmlError('an element has two signatures')
  checkForm(signature, element.attribute('ID') ?? '')
  for (const certificate of certificates) {
    const signed = bytesSignedBy(certificate, document, signature)
    if (signed === undefined) continue
    const read = readXml(signed)
    const same =
      read.name === element.name &&
      read.namespace === element.namespace &&
      read.attribute('ID') === element.attribute('ID')
    if (same) return read
  }
  return undefined
}

/** One reference, to the element that holds the signature, without transforms that could change what it says. */
function checkForm(signature: XmlElement, id: string): void {
  const all = [...elementsWithin(signature)].filter(({ namespace }) => namespace === DSIG)
  const named = (name: string): readonly XmlElement[] => all.filter((element) => element.name === name)
  const [reference, ...others] = named('Reference')
  if (reference === undefined || others.length > 0) throw new XmlError('a signature has one reference')
  if (id === '' || reference.attribute('URI') !== `#${id}`)
    throw new XmlError('a signature covers another element than the one that holds it')
  const transforms = named('Transform').map((transform) => transform.attribute('Algorithm'))
  if (transforms.join(' ') !== `${ENVELOPED} ${EXCLUSIVE}`)
    throw new XmlError('a signature has other transforms than enveloped-signature and exclusive canonicalization')
  if (named('Signature').length + named('Object').length > 1) throw new XmlError('a signature holds more than its own')
}

function bytesSignedBy(certificate: string, document: string, signature: XmlElement): string | undefined {
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'))
  // What the message says about keys is not asked: only the provider's own count.
  const verifier = new SignedXml({
    publicCert: publicKey.export({ type: 'spki', format: 'pem' }),
    getCertFromKeyInfo: () => null,
  })
  const { CanonicalizationAlgorithms: known } = verifier
  verifier.CanonicalizationAlgorithms = pick(known, [EXCLUSIVE, ENVELOPED])
  verifier.HashAlgorithms = HASH_ALGORITHMS
  verifier.SignatureAlgorithms = SIGNATURE_ALGORITHMS
  try {
    verifier.loadSignature(signature.node)
    if (!verifier.checkSignature(document)) return undefined
  } catch {
    return undefined
  }
  const [signed, ...more] = verifier.getSignedReferences()
  return more.length > 0 ? undefined : signed
}

/** Without a prototype: names come from strangers. */
const bare = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.assign(Object.create(null) as Record<string, T>, Object.fromEntries(entries))

const pick = <T>(from: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  bare(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]] as const])))

const HASH_ALGORITHMS = bare(
  Object.entries(HASHES).map(([name, hash]) => [
    name,
    class {
      getAlgorithmName = () => name
      getHash = (text: string) => createHash(hash).update(text, 'utf8').digest('base64')
    },
  ]),
)

const SIGNATURE_ALGORITHMS = bare(
  Object.entries(SIGNATURES).map(([name, { hash, key: kind }]) => [
    name,
    class {
      getAlgorithmName = () => name
      getSignature = (): never => {
        throw new Error('nothing is signed here')
      }
      verifySignature = (signed: string, pem: string, value: string): boolean => {
        const key = createPublicKey(pem)
        if (key.asymmetricKeyType !== kind) return false
        return createVerify(hash).update(signed).verify({ key, dsaEncoding: 'ieee-p1363' }, value, 'base64')
      }
    },
  ]),
)

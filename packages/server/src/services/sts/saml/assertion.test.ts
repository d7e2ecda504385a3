import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAssertion, responseText } from '#services/sts/saml/assertion.ts'
import { ELLIPTIC, rsaKey } from '#services/sts/saml/test-keys.ts'
import {
  KEY,
  RSA_SHA256,
  type Said,
  type Signing,
  assertionXml,
  responseXml,
  sign,
} from '#services/sts/saml/test-provider.ts'

const SAID: Said = { now: Date.UTC(2026, 10, 21), attributes: { 'urn:a': ['1', '2'], 'urn:b': ['x'] } }
const CERTIFICATES = [KEY.certificate]
const OTHER = rsaKey()
const EVIL = { ...SAID, subject: 'mallory' }
const DSIG_MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#'

const signed = (said: Said = SAID, signing: Signing = {}): string =>
  sign(responseXml(assertionXml(said), said), signing)
const read = (document: string, certificates = CERTIFICATES) => readAssertion(document, certificates)

test('what a signed assertion says is read, whether it or the response around it is signed', () => {
  for (const element of ['Assertion', 'Response'] as const) {
    expect(read(signed(SAID, { element }))).toMatchObject({
      subject: 'alice',
      issuer: 'https://idp.example.com/metadata',
      audiences: [['https://signin.aws.amazon.com/saml']],
      issuedAt: SAID.now - 1_000,
      notOnOrAfter: SAID.now + 240_000,
      attributes: new Map([
        ['urn:a', ['1', '2']],
        ['urn:b', ['x']],
      ]),
    })
  }
})

test.each([
  { algorithm: RSA_SHA256, digest: `${XMLENC}sha512`, key: KEY },
  { algorithm: `${DSIG_MORE}rsa-sha384`, digest: `${DSIG_MORE}sha384`, key: KEY },
  { algorithm: `${DSIG_MORE}rsa-sha512`, digest: `${XMLENC}sha256`, key: KEY },
  { algorithm: `${DSIG_MORE}ecdsa-sha256`, digest: `${XMLENC}sha256`, key: ELLIPTIC },
  { algorithm: `${DSIG_MORE}ecdsa-sha384`, digest: `${XMLENC}sha256`, key: ELLIPTIC },
  { algorithm: `${DSIG_MORE}ecdsa-sha512`, digest: `${XMLENC}sha256`, key: ELLIPTIC },
])('$algorithm is taken', ({ key, ...signing }) => {
  expect(read(signed(SAID, { ...signing, key }), [key.certificate])).toMatchObject({ subject: 'alice' })
})

test('any of the certificates of a provider will do, in whatever order', () => {
  const document = signed()
  for (const certificates of [
    [OTHER.certificate, KEY.certificate],
    [KEY.certificate, OTHER.certificate],
    [ELLIPTIC.certificate, OTHER.certificate, KEY.certificate],
  ])
    expect(read(document, certificates)).toMatchObject({ subject: 'alice' })
})

test.each([
  { name: 'no signature', document: responseXml(assertionXml(SAID), SAID) },
  { name: "somebody else's key", document: signed(SAID, { key: OTHER }) },
  { name: 'a key of another kind', document: signed(SAID, { key: ELLIPTIC, algorithm: `${DSIG_MORE}ecdsa-sha256` }) },
  { name: 'SHA-1', document: signed(SAID, { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }) },
  { name: 'a digest of SHA-1', document: signed(SAID, { digest: 'http://www.w3.org/2000/09/xmldsig#sha1' }) },
  { name: 'another subject', document: signed().replace('>alice<', '>mallory<') },
  { name: 'another attribute', document: signed().replace('>x<', '>y<') },
  { name: 'a changed digest', document: signed().replace(/<DigestValue>./, '<DigestValue>A') },
  { name: 'a changed signature', document: signed().replace(/<SignatureValue>.../, '<SignatureValue>AAA') },
])('a response with $name is not signed', ({ document }) => {
  expect(read(document)).toBe('not-signed')
})

test.each([
  { transforms: ['http://www.w3.org/2001/10/xml-exc-c14n#'] },
  { transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature'] },
  {
    transforms: [
      'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
      'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
    ],
  },
  {
    transforms: [
      'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
      'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
    ],
  },
])('the transforms $transforms are refused', ({ transforms }) => {
  expect(read(signed(SAID, { transforms }))).toBe('not-saml')
})

/** The signed assertion, taken out of its response. */
const cutOut = (document: string): string => /<saml:Assertion .*<\/saml:Assertion>/s.exec(document)?.[0] ?? ''
const signatureOf = (document: string): string => /<Signature .*<\/Signature>/s.exec(document)?.[0] ?? ''
const evil = (id: string): string => assertionXml(EVIL, id)

// Signature wrapping: the signed assertion is somewhere, and another one stands where it is looked for.
test.each([
  { name: 'beside an unsigned one, before', document: responseXml(`${evil('_e')}${cutOut(signed())}`, SAID) },
  { name: 'beside an unsigned one, after', document: responseXml(`${cutOut(signed())}${evil('_e')}`, SAID) },
  {
    name: 'inside an unsigned one',
    document: responseXml(evil('_e').replace('<saml:Subject>', `${cutOut(signed())}<saml:Subject>`), SAID),
  },
  {
    name: 'in an extension, its signature in the unsigned one',
    document: responseXml(
      `<samlp:Extensions>${cutOut(signed()).replace(signatureOf(signed()), '')}</samlp:Extensions>` +
        evil('_e').replace('</saml:Assertion>', `${signatureOf(signed())}</saml:Assertion>`),
      SAID,
    ),
  },
  {
    name: 'in the signature of one with the same id',
    document: responseXml(
      evil('_a1').replace(
        '</saml:Assertion>',
        `${signatureOf(signed()).replace('</Signature>', `<Object>${cutOut(signed()).replace(signatureOf(signed()), '')}</Object></Signature>`)}</saml:Assertion>`,
      ),
      SAID,
    ),
  },
  {
    name: 'as original, with its signature moved to one of another id',
    document: responseXml(evil('_e').replace('</saml:Assertion>', `${signatureOf(signed())}</saml:Assertion>`), SAID),
  },
  {
    name: 'in a response of the same id',
    document: responseXml(evil('_a1').replace('</saml:Assertion>', `${signatureOf(signed())}</saml:Assertion>`), SAID),
  },
])('a signed assertion $name lets nobody in as somebody else', ({ document }) => {
  const outcome = read(document)
  expect(typeof outcome === 'string' ? outcome : outcome.subject).not.toBe('mallory')
  expect(outcome).toBeTypeOf('string')
})

test('a signature that covers another element than the one that holds it is refused for that alone', () => {
  const moved = evil('_e').replace('</saml:Assertion>', `${signatureOf(signed())}</saml:Assertion>`)
  expect(read(responseXml(moved, SAID))).toBe('not-saml')
})

test('a signed response with another assertion put into it is not signed', () => {
  const document = signed(SAID, { element: 'Response' })
  expect(read(document.replace(cutOut(document), evil('_a1')))).toBe('not-signed')
  expect(read(document.replace('<samlp:Status>', `${evil('_e')}<samlp:Status>`))).toBeTypeOf('string')
})

test('a comment inside a name does not cut it short', () => {
  const document = signed({ ...SAID, subject: 'alice.evil' })
  expect(read(document.replace('alice.evil', 'alice<!-- -->.evil'))).toMatchObject({ subject: 'alice.evil' })
})

test.each([
  { name: 'a document type', document: `<!DOCTYPE a>${signed()}` },
  {
    name: 'entities that grow',
    document: `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(100)}"><!ENTITY c "&b;&b;">]>${signed().replace('alice', '&c;')}`,
  },
  { name: 'an unknown entity', document: signed().replace('alice', '&lol;') },
  { name: 'a processing instruction', document: signed().replace('<saml:Subject>', '<?x y?><saml:Subject>') },
  { name: 'CDATA', document: signed().replace('alice', '<![CDATA[alice]]>') },
  { name: 'no end', document: signed().slice(0, -10) },
  { name: 'another root', document: cutOut(signed()) },
  { name: 'nothing at all', document: '' },
  { name: 'nesting without end', document: '<a>'.repeat(20_000) },
  {
    name: 'two subjects',
    document: sign(responseXml(assertionXml(SAID).replace('<saml:Subject>', '<saml:Subject/><saml:Subject>'), SAID)),
  },
  {
    name: 'a time that is none',
    document: sign(responseXml(assertionXml(SAID).replace(/IssueInstant="[^"]*"/, 'IssueInstant="yesterday"'), SAID)),
  },
])('a response with $name is none', ({ document }) => {
  expect(['not-saml', 'not-signed']).toContain(read(document))
})

test('a provider that says no is believed, signed or not', () => {
  const said = { ...SAID, status: 'Requester' }
  expect(read(responseXml('', said))).toBe('rejected')
  expect(read(signed(said))).toBe('rejected')
})

test('a change of any character never leads to other words', () => {
  const document = signed()
  const truth = JSON.stringify(read(document))
  fc.assert(
    fc.property(
      fc.nat(document.length - 1),
      fc.constantFrom('<', '>', '"', 'a', 'A', '/', '=', '&', ' '),
      (at, character) => {
        const outcome = read(document.slice(0, at) + character + document.slice(at + 1))
        if (typeof outcome !== 'string') expect(JSON.stringify(outcome)).toBe(truth)
      },
    ),
    { seed: 7, numRuns: 80 },
  )
})

test.each(['', '*', 'é', 'PGE+\u0000', Buffer.from([0xff, 0xfe, 0x41]).toString('base64')])(
  '%j is no text in base64',
  (text) => {
    expect(responseText(text)).toBeUndefined()
  },
)

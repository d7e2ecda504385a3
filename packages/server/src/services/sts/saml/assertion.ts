import { XmlError, type XmlElement, childrenNamed, readDateTime, readXml } from '#kernel/xml.ts'
import { signedElement } from '#services/sts/saml/signature.ts'

/** What a provider says about somebody, every word of it signed; times in epoch milliseconds. */
export interface Assertion {
  readonly issuer: string
  readonly issuedAt: number
  readonly subject: string
  /** Format of the name, as a URN; empty: not said. */
  readonly subjectFormat: string
  readonly confirmations: readonly Confirmation[]
  readonly notBefore?: number
  readonly notOnOrAfter?: number
  /** Each must be met by one of its own. */
  readonly audiences: readonly (readonly string[])[]
  readonly sessionNotOnOrAfter?: number
  /** Attributes by name, in order; one that comes twice has the values of both. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

/** That whoever bears the assertion is its subject. */
export interface Confirmation {
  readonly recipient: string
  readonly notOnOrAfter?: number
  readonly notBefore?: number
}

/** Why a response is no assertion of the provider. */
export type Refusal = 'not-saml' | 'rejected' | 'not-signed'

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/
const MAX_ATTRIBUTES = 200
const MAX_VALUES = 1_000

/** The XML of a response as it was sent: base64 of UTF-8. `undefined`: it is neither. */
export function responseText(encoded: string): string | undefined {
  if (!BASE64.test(encoded)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'))
  } catch {
    return undefined
  }
}

/**
 * The one assertion of a response that these certificates vouch for, with the response around it or by itself. What is
 * answered was read from the signed bytes, so that nothing that was wrapped around them or put beside them counts.
 */
export function readAssertion(document: string, certificates: readonly string[]): Assertion | Refusal {
  try {
    const response = readXml(document)
    if (response.name !== 'Response' || response.namespace !== PROTOCOL) return 'not-saml'
    const signedResponse = signedElement(document, response, certificates)
    if (statusOf(signedResponse ?? response) !== SUCCESS) return 'rejected'
    const assertion = onlyAssertion(signedResponse ?? response)
    const signed = signedResponse === undefined ? signedElement(document, assertion, certificates) : assertion
    return signed === undefined ? 'not-signed' : assertionOf(signed)
  } catch (error) {
    if (error instanceof XmlError) return 'not-saml'
    throw error
  }
}

function onlyAssertion(response: XmlElement): XmlElement {
  const [assertion, ...more] = childrenNamed(response, ASSERTION, 'Assertion')
  if (assertion === undefined || more.length > 0) throw new XmlError('a response has one assertion')
  return assertion
}

const statusOf = (response: XmlElement): string | undefined =>
  childrenNamed(response, PROTOCOL, 'Status')
    .flatMap((status) => childrenNamed(status, PROTOCOL, 'StatusCode'))[0]
    ?.attribute('Value')

function assertionOf(assertion: XmlElement): Assertion {
  const one = (name: string): XmlElement => {
    const [first, ...more] = childrenNamed(assertion, ASSERTION, name)
    if (first === undefined || more.length > 0) throw new XmlError(`an assertion has one ${name}`)
    return first
  }
  const subject = one('Subject')
  const [name] = childrenNamed(subject, ASSERTION, 'NameID')
  if (name === undefined) throw new XmlError('the subject has no name')
  const conditions = childrenNamed(assertion, ASSERTION, 'Conditions')
  const statements = childrenNamed(assertion, ASSERTION, 'AuthnStatement')
  const issuedAt = timeOf(assertion, 'IssueInstant')
  if (issuedAt === undefined) throw new XmlError('an assertion says when it was issued')
  return {
    issuer: one('Issuer').text.trim(),
    issuedAt,
    subject: name.text.trim(),
    subjectFormat: name.attribute('Format') ?? '',
    confirmations: childrenNamed(subject, ASSERTION, 'SubjectConfirmation').flatMap(confirmationOf),
    audiences: conditions
      .flatMap((condition) => childrenNamed(condition, ASSERTION, 'AudienceRestriction'))
      .map((restriction) => childrenNamed(restriction, ASSERTION, 'Audience').map(({ text }) => text.trim())),
    ...latest(
      'notBefore',
      conditions.map((condition) => timeOf(condition, 'NotBefore')),
    ),
    ...earliest(
      'notOnOrAfter',
      conditions.map((condition) => timeOf(condition, 'NotOnOrAfter')),
    ),
    ...earliest(
      'sessionNotOnOrAfter',
      statements.map((statement) => timeOf(statement, 'SessionNotOnOrAfter')),
    ),
    attributes: attributesOf(assertion),
  }
}

function timeOf(element: XmlElement, attribute: string): number | undefined {
  const text = element.attribute(attribute)
  return text === undefined ? undefined : readDateTime(text)
}

const given = (times: readonly (number | undefined)[]): readonly number[] => times.filter((time) => time !== undefined)
const earliest = <N extends string>(name: N, times: readonly (number | undefined)[]): { readonly [K in N]?: number } =>
  given(times).length === 0 ? {} : ({ [name]: Math.min(...given(times)) } as { readonly [K in N]: number })
const latest = <N extends string>(name: N, times: readonly (number | undefined)[]): { readonly [K in N]?: number } =>
  given(times).length === 0 ? {} : ({ [name]: Math.max(...given(times)) } as { readonly [K in N]: number })

function confirmationOf(confirmation: XmlElement): readonly Confirmation[] {
  if (confirmation.attribute('Method') !== BEARER) return []
  return childrenNamed(confirmation, ASSERTION, 'SubjectConfirmationData').map((data) => {
    const notOnOrAfter = timeOf(data, 'NotOnOrAfter')
    const notBefore = timeOf(data, 'NotBefore')
    return {
      recipient: data.attribute('Recipient') ?? '',
      ...(notOnOrAfter === undefined ? {} : { notOnOrAfter }),
      ...(notBefore === undefined ? {} : { notBefore }),
    }
  })
}

function attributesOf(assertion: XmlElement): ReadonlyMap<string, readonly string[]> {
  const attributes = new Map<string, readonly string[]>()
  const all = childrenNamed(assertion, ASSERTION, 'AttributeStatement').flatMap((statement) =>
    childrenNamed(statement, ASSERTION, 'Attribute'),
  )
  if (all.length > MAX_ATTRIBUTES) throw new XmlError('there are too many attributes')
  for (const attribute of all) {
    const name = attribute.attribute('Name') ?? ''
    const values = childrenNamed(attribute, ASSERTION, 'AttributeValue').map(({ text }) => text.trim())
    const together = [...(attributes.get(name) ?? []), ...values]
    if (together.length > MAX_VALUES) throw new XmlError('an attribute has too many values')
    attributes.set(name, together)
  }
  return attributes
}

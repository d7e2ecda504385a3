import { createHash } from 'node:crypto'
import type { Context } from '@sluice/policy'
import type { AccountId } from '#kernel/ids.ts'
import type { Assertion } from '#services/sts/saml/assertion.ts'

/** Attributes by the name they have in assertions; their condition keys are lists. @source IAM user guide, "Available keys for SAML-based AWS STS federation" */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': 'saml:edupersonaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.2': 'saml:edupersonnickname',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.3': 'saml:edupersonorgdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.4': 'saml:edupersonorgunitdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.5': 'saml:edupersonprimaryaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.6': 'saml:edupersonprincipalname',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.7': 'saml:edupersonentitlement',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.8': 'saml:edupersonprimaryorgunitdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.9': 'saml:edupersonscopedaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.10': 'saml:edupersontargetedid',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.11': 'saml:edupersonassurance',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.2': 'saml:eduorghomepageuri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.3': 'saml:eduorgidentityauthnpolicyuri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.4': 'saml:eduorglegalname',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.5': 'saml:eduorgsuperioruri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.6': 'saml:eduorgwhitepagesuri',
  'urn:oid:2.5.4.3': 'saml:cn',
  'urn:oid:2.5.4.45': 'saml:x500UniqueIdentifier',
  'urn:oid:0.9.2342.19200300.100.1.1': 'saml:uid',
  'urn:oid:0.9.2342.19200300.100.1.3': 'saml:mail',
  'urn:oid:0.9.2342.19200300.100.1.45': 'saml:organizationStatus',
  'http://schemas.xmlsoap.org/claims/CommonName': 'saml:commonName',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'saml:mail',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname': 'saml:givenName',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': 'saml:name',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname': 'saml:surname',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid': 'saml:primaryGroupSID',
}

const SAML2_FORMAT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:'

/** The format of a subject's name without what all formats of SAML 2.0 begin with. */
export const subjectType = ({ subjectFormat }: Pick<Assertion, 'subjectFormat'>): string =>
  subjectFormat.startsWith(SAML2_FORMAT) ? subjectFormat.slice(SAML2_FORMAT.length) : subjectFormat

/** Tells people of the same name apart who come from different providers. @source STS API reference, AssumeRoleWithSAML */
export const nameQualifier = (issuer: string, account: AccountId, providerName: string): string =>
  createHash('sha1').update(`${issuer}${account}/${providerName}`).digest('base64')

/** `saml:…` keys for the trust policy. */
export function samlKeys(
  assertion: Assertion,
  {
    recipient,
    account,
    providerName,
  }: { readonly recipient: string; readonly account: AccountId; readonly providerName: string },
): Context {
  const lists = new Map<string, readonly string[]>()
  for (const [name, values] of assertion.attributes) {
    const key = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
    if (key !== undefined) lists.set(key, [...(lists.get(key) ?? []), ...values])
  }
  return {
    ...Object.fromEntries(lists),
    'saml:aud': recipient,
    'saml:iss': assertion.issuer,
    'saml:sub': assertion.subject,
    'saml:sub_type': subjectType(assertion),
    'saml:namequalifier': nameQualifier(assertion.issuer, account, providerName),
    'saml:doc': `${account}/${providerName}`,
  }
}

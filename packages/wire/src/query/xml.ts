/** Characters that no XML 1.0 document may hold, not even escaped; a carriage return may, but only escaped. */
// oxlint-disable-next-line no-control-regex -- control characters are the point
const SPECIAL = /[&<>"\r]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const REPLACED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' }
const UNWRITABLE = '\ufffd'

/** Text as XML content or attribute value. What XML cannot say becomes U+FFFD, so an answer is always well-formed. */
export const escapeXml = (text: string): string => text.replace(SPECIAL, (found) => REPLACED[found] ?? UNWRITABLE)

export const element = (name: string, content: string): string => (content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`)

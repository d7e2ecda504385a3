/** Markup, and what XML 1.0 does not list among its characters; of that, a carriage return may be held, but escaped. */
const SPECIAL = /[&<>"]|[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const REPLACED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}
const UNWRITABLE = '\ufffd'

/** Text as XML content or attribute value. What XML cannot say becomes U+FFFD, so an answer is always well-formed. */
export const escapeXml = (text: string): string => text.replace(SPECIAL, (found) => REPLACED[found] ?? UNWRITABLE)

/** @param attributes as they stand in the tag, with a space before each */
export const element = (name: string, content: string, attributes = ''): string =>
  content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`

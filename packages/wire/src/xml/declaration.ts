import type { Source } from './source.ts'

const BLANKS = '[ \\t\\r\\n]+'
const EQUALS = '[ \\t\\r\\n]*=[ \\t\\r\\n]*'
const quoted = (value: string): string => `(?:"${value}"|'${value}')`
const VERSION = `${BLANKS}version${EQUALS}${quoted('1\\.0')}`
const ENCODING = `${BLANKS}encoding${EQUALS}${quoted('[A-Za-z][A-Za-z0-9._-]*')}`
const STANDALONE = `${BLANKS}standalone${EQUALS}${quoted('(?:yes|no)')}`
const DECLARATION = new RegExp(`^${VERSION}(${ENCODING})?(?:${STANDALONE})?[ \\t\\r\\n]*$`)
const UTF_8 = new RegExp(`${quoted('utf-8')}$`, 'i')
/** Longer than any that says only what it may. */
const MAX_LENGTH = 256

/**
 * Steps over `<?xml …?>`, which may stand only at the very beginning.
 * @throws Malformed for another version of XML than 1.0 and for another encoding than UTF-8.
 */
export function skipDeclaration(source: Source): void {
  if (!source.skip('<?xml')) return
  const end = source.find('?>', source.at, 'the XML declaration')
  const text = end - source.at > MAX_LENGTH ? '' : source.text(source.at, end)
  const parts = DECLARATION.exec(text) ?? source.fail('the XML declaration can not be read')
  const [, encoding] = parts
  if (encoding !== undefined && !UTF_8.test(encoding)) source.fail('its encoding is not UTF-8')
  source.at = end + 2
}

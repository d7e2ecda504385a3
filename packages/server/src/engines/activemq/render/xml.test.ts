import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { escapeXml, xml } from '#engines/activemq/render/xml.ts'

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseAttributeValue: false,
  parseTagValue: false,
  htmlEntities: true,
})

const attributeOf = (text: string): unknown => (parser.parse(text) as { readonly a: { readonly x: unknown } }).a.x

const writable = fc
  .string({ unit: 'grapheme' })
  .filter((text) => !/(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]|[$#]\{/u.test(text))

test('every text that XML can hold comes back as it went in', () => {
  fc.assert(
    fc.property(writable, (text) => {
      const document = xml`<a x="${text}"/>`
      expect(XMLValidator.validate(document)).toBe(true)
      expect(attributeOf(document)).toBe(text)
    }),
  )
})

test.each(['<&>"\'', '"/><evil x="', "' onload='", 'a\nb\tc\rd', 'ünï€😀', '&amp;', ']]>'])(
  '%j stays one attribute',
  (text) => {
    expect(attributeOf(xml`<a x="${text}"/>`)).toBe(text)
  },
)

test.each(['a\u0000b', '\u001E', '\uFFFE', '\uD800', '\u007F'])('%j is refused: XML cannot hold it', (text) => {
  expect(() => escapeXml(text)).toThrow('cannot be written in XML')
})

test.each(['${user.home}', '#{systemProperties}', 'x${', 'a#{b'])('%j is refused: Spring would evaluate it', (text) => {
  expect(() => xml`<a x="${text}"/>`).toThrow('Spring would evaluate')
})

test('numbers are written as they are, and markup of the template is left alone', () => {
  expect(xml`<a x="${5}">&gt;</a>`).toBe('<a x="5">&gt;</a>')
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeXml } from './escape.ts'
import { Malformed } from '../reading/cursor.ts'
import { type XmlElement, parseXml } from './parse.ts'

const parse = (text: string): XmlElement => parseXml(Buffer.from(text))

describe('attacks are refused before they cost anything', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from(
    { length: 9 },
    (_, index) => `<!ENTITY lol${String(index + 1)} "${`&lol${index === 0 ? '' : String(index)};`.repeat(10)}">`,
  ).join('')}]><lolz>&lol9;</lolz>`
  test.each([
    ['a billion laughs', laughs],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an external document type', '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;]><a/>'],
    ['an entity inside of the root', '<a><!ENTITY x "y">&x;</a>'],
    ['a document type after the root', '<a/><!DOCTYPE a>'],
  ])('%s', (_what, text) => {
    expect(() => parse(text)).toThrow('document types are not accepted')
  })

  test('a million nested elements', () => {
    expect(() => parse('<a>'.repeat(1_000_000))).toThrow('nested deeper than 64 levels')
    expect(parse('<a>'.repeat(64) + '</a>'.repeat(64)).name).toBe('a')
  })

  test('a million attributes, all of one element', () => {
    const attributes = Array.from({ length: 1_000_000 }, (_, index) => `a${String(index)}=""`).join(' ')
    expect(() => parse(`<a ${attributes}/>`)).toThrow('more than 80 attributes')
  })

  test('namespaces on namespaces', () => {
    const prefixes = (depth: number): string =>
      Array.from({ length: 16 }, (_, index) => `xmlns:p${String(depth)}x${String(index)}="u"`).join(' ')
    const nested = Array.from({ length: 60 }, (_, depth) => `<a ${prefixes(depth)}>`).join('')
    expect(() => parse(nested)).toThrow('more than 32 namespace prefixes')
  })

  test('more elements than any input has', () => {
    expect(parse(`<a>${'<b/>'.repeat(199_999)}</a>`).children).toHaveLength(199_999)
    expect(() => parse(`<a>${'<b/>'.repeat(200_000)}</a>`)).toThrow('more than 200000 elements')
  })

  // Each would take minutes if any step looked at the rest of the text again.
  test.each([
    ['ampersands', `<a>${'&amp;'.repeat(400_000)}</a>`],
    ['references without an end', `<a>${'&'.repeat(2_000_000)}</a>`],
    ['a name', `<${'a'.repeat(2_000_000)}/>`],
    ['white space in a tag', `<a${' '.repeat(2_000_000)}/>`],
    ['white space beside elements', `<a>${'<b/> '.repeat(190_000)}</a>`],
    ['an attribute', `<a b="${'\r'.repeat(500_000)}"/>`],
    ['comments', `<a>${'<!---->'.repeat(300_000)}</a>`],
    ['dashes', `<a><!--${'-'.repeat(2_000_000)}`],
    ['CDATA sections', `<a>${'<![CDATA[]]]]>'.repeat(150_000)}</a>`],
    ['line ends', `<a>${'\r'.repeat(500_000)}</a>`],
    ['a declaration', `<?xml version${' '.repeat(2_000_000)}?><a/>`],
    ['half-closed sections', `<a><![CDATA[${']]'.repeat(1_000_000)}`],
  ])('megabytes of %s', (_what, text) => {
    survive(Buffer.from(text))
  })
})

function survive(bytes: Uint8Array): void {
  try {
    parseXml(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(Malformed)
  }
}

const names = fc.constantFrom('a', 'Key', 'é', '__proto__', 'constructor', 'x-1')
/** Text that XML can say, and that is no layout. */
const content = fc
  .string({ unit: fc.oneof(fc.constantFrom('<', '&', '>', ']', ']]>', '\n', '\r', '"', "'"), fc.string()) })
  .map((text) => text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?'))
const attributes = fc
  .uniqueArray(fc.record({ name: names, value: content }, { noNullPrototype: true }), {
    selector: ({ name }) => name,
    maxLength: 3,
  })
  .map((list) => list.map(({ name, value }) => ({ name, value })))
const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ name: names, attributes, children: fc.constant([]), text: content }, { noNullPrototype: true }),
    fc.record(
      {
        name: names,
        attributes,
        children: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
        text: fc.constant(''),
      },
      { noNullPrototype: true },
    ),
  ),
}))
const numbered = (text: string, radix: 10 | 16): string =>
  Array.from(text, (char) => `&#${radix === 16 ? 'x' : ''}${(char.codePointAt(0) ?? 0).toString(radix)};`).join('')
const sections = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

/** Writes a tree in one of the many ways that mean the same, as `choices` say one after the other. */
function write(root: XmlElement, choices: readonly number[]): string {
  let made = 0
  const choose = (...ways: readonly string[]): string =>
    ways[(choices[made++ % choices.length] ?? 0) % ways.length] ?? ''
  const text = (value: string): string =>
    choose(
      escapeXml(value),
      `<!-- <&> -->${escapeXml(value)}`,
      numbered(value, 10),
      value.includes('\r') ? escapeXml(value) : sections(value),
    )
  const element = ({ name, attributes: list, children, text: value }: XmlElement, declared: string): string => {
    const tag = choose('', 'p:') + name
    const written = list.map((attribute) => `${choose(' ', '\n ')}${attribute.name}="${numbered(attribute.value, 16)}"`)
    const inner = children.map((child) => choose('', '\n  ', '<!---->') + element(child, '')).join('')
    const content = text(value) + inner
    const start = `<${tag}${declared}${written.join('')}`
    return content === ''
      ? choose(`${start}/>`, `${start}></${tag}>`)
      : `${start}${choose('', ' ')}>${content}</${tag} >`
  }
  return choose('', '\ufeff', '<?xml version="1.0"?>', '<!-- -->\n') + element(root, ' xmlns:p="urn:p" xmlns="urn:d"')
}
const choices = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 50 })

test('what is written in any of its ways is read back', () => {
  fc.assert(
    fc.property(tree, choices, (element, picks) => {
      expect(parse(write(element, picks))).toEqual(element)
    }),
    { seed: 31, numRuns: 500 },
  )
})

test('no bytes make it throw anything but its own faults', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    '<a',
    '</a>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?xml',
    '&',
    '&#x',
    ';',
    '=',
    '"',
    ' ',
  )
  const letter = fc.constantFrom('a', ':', 'é', '😀', '\u0000', '\ufffe', '\r\n', '0')
  const noise = fc.oneof(
    fc.array(fc.oneof(piece, letter), { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''))),
    fc.uint8Array({ maxLength: 64 }),
  )
  const mutated = fc
    .tuple(tree, choices, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }))
    .map(([element, picks, changes]) => {
      const bytes = Buffer.from(write(element, picks))
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte
      return bytes
    })
  fc.assert(fc.property(fc.oneof(noise, mutated), survive), { seed: 37, numRuns: 800 })
})

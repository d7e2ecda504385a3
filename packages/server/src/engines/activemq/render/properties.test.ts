import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import { propertiesText } from '#engines/activemq/render/properties.ts'

/** Reads a `.properties` file by the rules of `java.util.Properties.load`, written from its documentation. */
function load(text: string): Map<string, string> {
  const loaded = new Map<string, string>()
  const lines = text.split(/\r\n|\r|\n/)
  for (let index = 0; index < lines.length; index++) {
    let line = (lines[index] ?? '').replace(/^[ \t\f]+/, '')
    if (line === '' || /^[#!]/.test(line)) continue
    while (/(?:^|[^\\])(?:\\\\)*\\$/.test(line))
      line = line.slice(0, -1) + (lines[++index] ?? '').replace(/^[ \t\f]+/, '')
    const [, key = '', rest = ''] = /^((?:\\.|[^\\=: \t\f])*)(.*)$/s.exec(line) ?? []
    loaded.set(unescape(key), unescape(rest.replace(/^[ \t\f]*[=:]?[ \t\f]*/, '')))
  }
  return loaded
}

const LONG: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }
const unescape = (text: string): string =>
  text.replaceAll(/\\(?:u([\dA-Fa-f]{4})|(.))/gs, (_, unit: string | undefined, character: string | undefined) =>
    unit === undefined ? (LONG[character ?? ''] ?? character ?? '') : String.fromCharCode(Number.parseInt(unit, 16)),
  )

test('any keys and values come back as they went in', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter })), {
        selector: ([key]) => key,
      }),
      (entries) => {
        expect(load(propertiesText(entries))).toEqual(new Map(entries))
      },
    ),
    { numRuns: 40 },
  )
})

test('the file is printable ASCII, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (key, value) => {
      expect(propertiesText([[key, value]])).toMatch(/^[ -~]*\n$/)
    }),
  )
})

test.each([
  { key: 'a b', value: ' c', line: 'a\\ b=\\ c' },
  { key: '#!=:', value: '#!=:', line: '\\#\\!\\=\\:=#!=:' },
  { key: 'back\\slash', value: 'C:\\dir', line: 'back\\\\slash=C:\\\\dir' },
  { key: 'ü', value: '€😀\u001E', line: '\\u00fc=\\u20ac\\ud83d\\ude00\\u001e' },
  { key: 'two', value: 'lines\nhere', line: 'two=lines\\nhere' },
])('$line', ({ key, value, line }) => {
  expect(propertiesText([[key, value]])).toBe(`${line}\n`)
})

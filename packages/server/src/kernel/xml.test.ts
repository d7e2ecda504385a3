import fc from 'fast-check'
import { expect, test } from 'vitest'
import { XmlError, childrenNamed, elementsWithin, readDateTime, readXml } from '#kernel/xml.ts'

test('elements have names, namespaces, attributes, children and text', () => {
  const root = readXml(
    '<?xml version="1.0"?><a xmlns="urn:a" x="1 &amp; 2"><b>t<!-- c -->u</b><p:b xmlns:p="urn:p"/></a>',
  )
  expect([root.name, root.namespace, root.attribute('x'), root.attribute('y')]).toEqual([
    'a',
    'urn:a',
    '1 & 2',
    undefined,
  ])
  expect(root.children.map(({ name, namespace, text }) => [name, namespace, text])).toEqual([
    ['b', 'urn:a', 't c u'.replace(' c ', '')],
    ['b', 'urn:p', ''],
  ])
  expect(childrenNamed(root, 'urn:p', 'b')).toHaveLength(1)
  expect([...elementsWithin(root)]).toHaveLength(3)
})

test.each([
  ['a document type', '<!DOCTYPE a><a/>'],
  ['an entity of its own', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ['a file', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ['a document type in lower case', '<!doctype a><a/>'],
  ['an unknown entity', '<a>&b;</a>'],
  ['a processing instruction', '<a><?b c?></a>'],
  ['a style sheet', '<?xml-stylesheet href="x"?><a/>'],
  ['CDATA', '<a><![CDATA[b]]></a>'],
  ['no root', ''],
  ['text only', 'hello'],
  ['an open element', '<a>'],
  ['crossed elements', '<a><b></a></b>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['an unquoted attribute', '<a b=c/>'],
  ['nesting without end', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
])('%s is refused', (_name, text) => {
  expect(() => readXml(text)).toThrow(XmlError)
})

test('whatever is read, nothing but an XmlError is thrown', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200 }),
      fc.array(fc.constantFrom('<', '</', '>', 'a', '"', "'", '=', '&', '!--', ' ')),
      (text, parts) => {
        for (const one of [text, parts.join('')]) {
          try {
            readXml(one)
          } catch (error) {
            expect(error).toBeInstanceOf(XmlError)
          }
        }
      },
    ),
    { seed: 11, numRuns: 500 },
  )
})

test.each([
  ['2026-11-21T11:16:40Z', Date.UTC(2026, 10, 21, 11, 16, 40)],
  ['2026-11-21T11:16:40.5Z', Date.UTC(2026, 10, 21, 11, 16, 40, 500)],
  ['2026-11-21T12:16:40+01:00', Date.UTC(2026, 10, 21, 11, 16, 40)],
])('%s is a time', (text, millis) => {
  expect(readDateTime(text)).toBe(millis)
})

test.each(['', '2026-11-21', '2026-11-21T11:16:40', '1795259800', 'tomorrow', '2026-13-21T11:16:40Z'])(
  '%j is none',
  (text) => {
    expect(() => readDateTime(text)).toThrow(XmlError)
  },
)

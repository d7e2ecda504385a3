import { plainText } from './mutate-bytes.ts'
import { type Mutation, withBody } from './mutation.ts'
import type { Random } from './random.ts'

const DEPTH = 10_000
const ENTITIES = '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY e SYSTEM "file:///etc/hostname">]>'
/** What may stand nowhere inside of an element, or not here. */
const INSIDE = [
  '&x;',
  '&',
  '&#0;',
  '&#xD800;',
  '&#x110000;',
  '<![CDATA[',
  ']]>',
  '<!-- -- -->',
  '<?php x?>',
  '<unknown:Key/>',
  '<Key xmlns:a="u" xmlns:a="v"/>',
  '<a b=c/>',
  '<a b="1" b="2"/>',
  '<1/>',
  '</>',
  '<',
  '\u0000',
  '\ufffe',
  'text',
  '<__proto__/>',
  '<constructor><prototype/></constructor>',
  '<x/>'.repeat(5_000),
  `${'<a>'.repeat(DEPTH)}${'</a>'.repeat(DEPTH)}`,
  '<a>'.repeat(DEPTH),
  'a'.repeat(300_000),
]
const VALUES = ['', 'x', '-1', '1.5', 'NaN', '99999999999999999999', 'maybe', '2026-02-30T00:00:00Z', '!', ' ', '😀']

/** Mutations of a body that is XML. */
export const XML_MUTATIONS: readonly Mutation[] = [
  ofXml('a document type', (text) => `${ENTITIES}${text}`),
  ofXml('an entity', (text, random) => `${ENTITIES}${atText(text, random, () => random.pick(['&x;', '&e;']))}`),
  ofXml('another root', (text) => text.replace(/^(<\?[^>]*>\s*)?<(\w+)/, '$1<Other')),
  ofXml('another root, well-formed', (text) => `<Other>${text.replace(/^<\?[^>]*>/, '')}</Other>`),
  ofXml('a namespace prefix', (text, random) => atTag(text, random, (tag) => tag.replace(/^<(\/?)/, '<$1p:'))),
  ofXml('an element without an end', (text, random) => atTag(text, random, (tag) => (tag.startsWith('</') ? '' : tag))),
  ofXml('an element twice', (text, random) => {
    const element = random.pick([...text.matchAll(/<(\w+)>[^<]*<\/\1>/g)])
    return element === undefined ? `${text}${text}` : text.replace(element[0], () => element[0] + element[0])
  }),
  ofXml('an element of another name', (text, random) => {
    const { [1]: name = 'x' } = random.pick([...text.matchAll(/<(\w+)[ >]/g)]) ?? []
    return text.replaceAll(new RegExp(`(</?)${name}(?=[ />])`, 'g'), `$1${random.pick(['Other', 'item', '__proto__'])}`)
  }),
  ofXml('a value of another type', (text, random) => atText(text, random, () => random.pick(VALUES))),
  ofXml('what may not stand there', (text, random) =>
    atTag(text, random, (tag) => (tag.endsWith('/>') ? tag : `${tag}${random.pick(INSIDE)}`)),
  ),
  ofXml('nested', (text, random) => {
    const element = random.pick([...text.matchAll(/<(\w+)>/g)])
    const name = element?.[1] ?? 'a'
    return text.replace(`<${name}>`, () => `<${name}>`.repeat(DEPTH))
  }),
  ofXml('another declaration', (text, random) =>
    text.replace(
      /^(<\?[^>]*>)?/,
      random.pick([
        '<?xml version="2.0"?>',
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml?>',
        ' <?xml version="1.0"?>',
      ]),
    ),
  ),
]

function ofXml(name: string, change: (text: string, random: Random) => string): Mutation {
  return {
    name: `XML: ${name}`,
    mutate(request, random) {
      if (request.protocol !== 'rest-xml') return undefined
      const text = plainText(request)
      return text.startsWith('<') ? withBody(request, change(text, random)) : undefined
    },
  }
}

function atTag(text: string, random: Random, change: (tag: string) => string): string {
  const tag = random.pick([...text.matchAll(/<\/?\w[^>]*>/g)])
  return tag === undefined
    ? text
    : `${text.slice(0, tag.index)}${change(tag[0])}${text.slice(tag.index + tag[0].length)}`
}

function atText(text: string, random: Random, change: () => string): string {
  const value = random.pick([...text.matchAll(/>([^<]*)<\//g)])
  return value === undefined
    ? text.replace('>', `>${change()}`)
    : `${text.slice(0, value.index + 1)}${change()}${text.slice(value.index + 1 + (value[1] ?? '').length)}`
}

import type { Source } from './source.ts'

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['apos', "'"],
  ['quot', '"'],
])
const NUMBER = /^#(?:(\d{1,10})|x([\da-fA-F]{1,8}))$/

/** Content between tags as it is meant: line ends are line feeds, references are the characters they name. */
export function contentOf(raw: string, source: Source): string {
  if (raw.includes(']]>')) source.fail('text holds ]]>')
  return unescaped(lineEnds(raw), source)
}

/** The value of an attribute: white space written as such is spaces, references are the characters they name. */
export function attributeOf(raw: string, source: Source): string {
  if (raw.includes('<')) source.fail('the value of an attribute holds <')
  return unescaped(lineEnds(raw).replaceAll(/[\t\n]/g, ' '), source)
}

/** XML 1.0, 2.11: a carriage return that is not written as a reference is part of a line end. */
export const lineEnds = (raw: string): string => (raw.includes('\r') ? raw.replaceAll(/\r\n?/g, '\n') : raw)

function unescaped(text: string, source: Source): string {
  let amp = text.indexOf('&')
  if (amp === -1) return text
  let content = ''
  let from = 0
  while (amp !== -1) {
    const semicolon = text.indexOf(';', amp)
    if (semicolon === -1) return source.fail('an ampersand starts no reference')
    content += text.slice(from, amp) + characterOf(text.slice(amp + 1, semicolon), source)
    from = semicolon + 1
    amp = text.indexOf('&', from)
  }
  return content + text.slice(from)
}

/** The character that `&reference;` stands for. */
function characterOf(reference: string, source: Source): string {
  const named = PREDEFINED.get(reference)
  if (named !== undefined) return named
  const [, decimal, hexadecimal] =
    NUMBER.exec(reference) ?? source.fail('an entity is none of the five that XML has, or an ampersand starts none')
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
  return isCharacter(code) ? String.fromCodePoint(code) : source.fail('a reference names no character of XML')
}

const isCharacter = (code: number): boolean =>
  code < 0x20
    ? code === 0x09 || code === 0x0a || code === 0x0d
    : code < 0xd800 || (code >= 0xe000 && code < 0xfffe) || (code >= 0x1_0000 && code <= 0x10_ffff)

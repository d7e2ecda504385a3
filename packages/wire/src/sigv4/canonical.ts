import { hash } from 'node:crypto'
import type { RequestHead } from '../request.ts'
import { splitUrl } from '../scope.ts'

export const ALGORITHM = 'AWS4-HMAC-SHA256'
export const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export const sha256Hex = (data: string | Uint8Array): string =>
  data.length === 0 ? EMPTY_HASH : hash('sha256', data, 'hex')

export interface CanonicalParts {
  readonly head: RequestHead
  /** Lower case, sorted. */
  readonly signedHeaders: readonly string[]
  readonly payloadHash: string
  readonly signingName: string
}

/** AWS's canonical form of a request, the text whose hash is signed. */
export function canonicalRequest({ head, signedHeaders, payloadHash, signingName }: CanonicalParts): string {
  const { path, query } = splitUrl(head.rawUrl)
  // S3 takes the path's segments as they are; every other service normalises it and encodes what is encoded once more.
  const canonicalPath = signingName === 's3' ? bySegment(path, reencode) : bySegment(normalisePath(path), encodeRaw)
  const headers = signedHeaders.map((name) => `${name}:${canonicalValue(head.headers[name] ?? '')}\n`).join('')
  return `${head.method}\n${canonicalPath}\n${canonicalQuery(query)}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`
}

/** Spaces around a value do not count; a run of them inside counts as one. */
const canonicalValue = (value: string): string => value.trim().replaceAll(/[ \t]+/g, ' ')

function normalisePath(path: string): string {
  if (!path.includes('//') && !path.includes('/.')) return path
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  // A path that ends in a dot segment loses it together with its slash: clients agree on this, whatever RFC 3986 says.
  return kept.length === 0 ? '/' : `/${kept.join('/')}${path.endsWith('/') ? '/' : ''}`
}

const bySegment = (path: string, encode: (segment: string) => string): string => path.split('/').map(encode).join('/')

/** Sorted by encoded name, then value; the signature itself is not part of it. */
function canonicalQuery(query: string): string {
  if (query === '') return ''
  return query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const equals = pair.indexOf('=')
      const name = equals === -1 ? pair : pair.slice(0, equals)
      return [reencode(name), equals === -1 ? '' : reencode(pair.slice(equals + 1))] as const
    })
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const PERCENT = /%[0-9a-fA-F]{2}/g
const UNRESERVED = /^[A-Za-z0-9\-._~]*$/

/** What a client may have encoded more or less than AWS does, encoded exactly as AWS does. */
function reencode(text: string): string {
  if (UNRESERVED.test(text)) return text
  const parts: string[] = []
  let start = 0
  for (const match of text.matchAll(PERCENT)) {
    parts.push(encodeRaw(text.slice(start, match.index)), encodeByte(Number.parseInt(match[0].slice(1), 16)))
    start = match.index + 3
  }
  parts.push(encodeRaw(text.slice(start)))
  return parts.join('')
}

/** Percent-encodes all but unreserved characters. Node hands raw bytes of a URL over as Latin-1; other text is UTF-8. */
function encodeRaw(text: string): string {
  if (UNRESERVED.test(text)) return text
  const bytes = Buffer.from(text, isLatin1(text) ? 'latin1' : 'utf8')
  let encoded = ''
  for (const byte of bytes) encoded += encodeByte(byte)
  return encoded
}

function isLatin1(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0xff) return false
  return true
}

const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  return UNRESERVED.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
})
const encodeByte = (byte: number): string => ENCODED[byte] ?? ''

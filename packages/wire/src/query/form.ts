import { Malformed } from '../reading/cursor.ts'

const MAX_PARAMETERS = 10_000
const MAX_SEGMENTS = 32
const AMPERSAND = 0x26

/** A form's parameters as the tree that their dotted names describe. */
export interface FormNode {
  value?: string
  children?: Map<string, FormNode>
}

/** Decodes one name or value of a form; `undefined` when its percent-encoding is broken. */
export function decodeFormText(text: string): string | undefined {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text)
}

/** Decodes what is percent-encoded; `undefined` when that is broken. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/**
 * Reads `a.b.1=x&…` into a tree. It walks the bytes and makes a string a parameter: V8 searches strings of a megabyte
 * a thousand times slower once the search is optimised.
 * @throws Malformed for broken percent-encoding, a parameter sent twice, or more and deeper names than any input has.
 */
export function parseForm(form: Uint8Array): FormNode {
  const bytes = Buffer.from(form.buffer, form.byteOffset, form.length)
  const root: FormNode = {}
  let count = 0
  let start = 0
  while (start < bytes.length) {
    const amp = bytes.indexOf(AMPERSAND, start)
    const end = amp === -1 ? bytes.length : amp
    if (end > start) {
      if (++count > MAX_PARAMETERS)
        throw new Malformed(`The request has more than ${String(MAX_PARAMETERS)} parameters`, '')
      addParameter(root, bytes.toString('latin1', start, end))
    }
    start = end + 1
  }
  return root
}

function addParameter(root: FormNode, pair: string): void {
  const equals = pair.indexOf('=')
  const name = decodeFormText(equals === -1 ? pair : pair.slice(0, equals))
  const value = decodeFormText(equals === -1 ? '' : pair.slice(equals + 1))
  if (name === undefined || value === undefined)
    throw new Malformed('The query string is malformed: its percent-encoding is not valid UTF-8', '')
  const segments = name.split('.', MAX_SEGMENTS + 1)
  if (segments.length > MAX_SEGMENTS)
    throw new Malformed(`A parameter is nested deeper than ${String(MAX_SEGMENTS)} levels`, '')
  let node = root
  for (const segment of segments) {
    node.children ??= new Map()
    let child = node.children.get(segment)
    if (child === undefined) {
      child = {}
      node.children.set(segment, child)
    }
    node = child
  }
  if (node.value !== undefined) throw new Malformed('The parameter was sent twice', name)
  node.value = value
}

/** The value of a parameter of the form, without reading the rest; the last one when it came twice. */
export function findParameter(form: Uint8Array, name: string): string | undefined {
  const bytes = Buffer.from(form.buffer, form.byteOffset, form.length)
  const pattern = `${name}=`
  let found: string | undefined
  let at = bytes.indexOf(pattern)
  while (at !== -1) {
    const value = at + pattern.length
    const end = bytes.indexOf(AMPERSAND, value)
    if (at === 0 || bytes[at - 1] === AMPERSAND)
      found = decodeFormText(bytes.toString('latin1', value, end === -1 ? bytes.length : end))
    at = bytes.indexOf(pattern, value)
  }
  return found
}

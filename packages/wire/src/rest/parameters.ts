import { decodeFormText } from '../query/form.ts'
import type { Cursor } from '../reading/cursor.ts'

const MAX_QUERY_PARAMETERS = 1_000

/** The decoded parameters of a raw query, by name, in the order they were sent. */
export type Parameters = ReadonlyMap<string, readonly string[]>

/** @throws Malformed for broken percent-encoding, or more parameters than any operation has */
export function parseQuery(query: string, cursor: Cursor): Parameters {
  const found = new Map<string, string[]>()
  if (query === '') return found
  const pairs = query.split('&', MAX_QUERY_PARAMETERS + 1)
  if (pairs.length > MAX_QUERY_PARAMETERS)
    cursor.malformed(0, `The query string has more than ${String(MAX_QUERY_PARAMETERS)} parameters`)
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeFormText(equals === -1 ? pair : pair.slice(0, equals))
    const value = decodeFormText(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined)
      return cursor.malformed(0, 'The query string is malformed: its percent-encoding is not valid UTF-8')
    const list = found.get(name)
    if (list === undefined) found.set(name, [value])
    else list.push(value)
  }
  return found
}

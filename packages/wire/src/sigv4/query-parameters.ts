import { decodePercent } from '../query/form.ts'
import { rememberLast } from '../remember-last.ts'

/**
 * The decoded parameters of a query; the first of each name counts, as it does for AWS. A name without `=` has an
 * empty value; one whose percent-encoding is broken is as if it had not been sent.
 */
export const queryParameters: (query: string) => ReadonlyMap<string, string> = rememberLast(read)

function read(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodePercent(equals === -1 ? pair : pair.slice(0, equals))
    const value = decodePercent(equals === -1 ? '' : pair.slice(equals + 1))
    if (name !== undefined && value !== undefined && !found.has(name)) found.set(name, value)
  }
  return found
}

const ESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', '0': '\0' }

/** Undoes ClickHouse's TSV escapes, in which the HTTP protocol carries the values of query parameters. */
export const unescapeParameter = (text: string): string =>
  text.includes('\\') ? text.replace(/\\([^])/g, (_, character: string) => ESCAPED[character] ?? character) : text

const PREFIX = 'param_'

/** The `{name:Type}` parameters of a request: name → value, unescaped. `undefined` when there are none. */
export function parametersOf(search: URLSearchParams): Readonly<Record<string, string>> | undefined {
  let parameters: Record<string, string> | undefined
  for (const [key, value] of search) {
    if (!key.startsWith(PREFIX)) continue
    parameters ??= {}
    parameters[key.slice(PREFIX.length)] = unescapeParameter(value)
  }
  return parameters
}

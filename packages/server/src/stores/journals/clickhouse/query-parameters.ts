const ESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', '0': '\0' }

/** Undoes ClickHouse's TSV escapes, in which the HTTP protocol carries the values of query parameters. */
export const unescapeParameter = (text: string): string =>
  text.includes('\\') ? text.replace(/\\([^])/g, (_, character: string) => ESCAPED[character] ?? character) : text

/** The same escapes, made. */
export const escapeParameter = (text: string): string =>
  /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (sign) => ESCAPES[sign] ?? sign) : text

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const PREFIX = 'param_'

/** Adds `{name:Type}` parameters to the address of a request. */
export function withParameters(search: URLSearchParams, parameters: Readonly<Record<string, string>>): URLSearchParams {
  for (const [name, text] of Object.entries(parameters)) search.set(`${PREFIX}${name}`, escapeParameter(text))
  return search
}

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

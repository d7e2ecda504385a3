/** The text of a `.properties` file as Java's own `Properties.load` reads it back, key by key in the order given. */
export function propertiesText(entries: Iterable<readonly [key: string, value: string]>): string {
  let text = ''
  for (const [key, value] of entries) text += `${escapeKey(key)}=${escapeValue(value)}\n`
  return text
}

const escapeKey = (key: string): string => escaped(key).replaceAll(/[ =:#!]/g, '\\$&')
/** Java drops blanks before a value, so the first one is escaped. */
const escapeValue = (value: string): string => escaped(value).replace(/^ /, '\\ ')

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' }

/** Everything beyond printable ASCII as UTF-16 units, because the file is read as Latin-1. */
const escaped = (text: string): string =>
  text.replaceAll(
    /[^\u0020-\u005B\u005D-\u007E]/g,
    (unit) => SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/**
 * How ClickHouse says that a statement failed when the first bytes of its result are out already: the text stands behind
 * them, between marks with a tag that only this server and its client know, and then the connection breaks.
 * @source ClickHouse's HTTP interface, "HTTP response codes caveats"
 */
export const TAG_HEADER = 'x-clickhouse-exception-tag'

const MARK = '__exception__'
const MAX_TEXT = 16 * 1024

/** What is written behind a part of a result. */
export function lateException(tag: string, text: string): string {
  const message = text.slice(0, MAX_TEXT)
  return `\r\n${MARK}\r\n${tag}\r\n${message}\r\n${String(Buffer.byteLength(message))} ${tag}\r\n${MARK}\r\n`
}

/** The text behind a result that broke off; `undefined`: it just broke off. */
export function lateExceptionIn(tag: string, result: Buffer): string | undefined {
  const begin = `\r\n${MARK}\r\n${tag}\r\n`
  const at = result.lastIndexOf(begin)
  if (at === -1) return undefined
  const rest = result.subarray(at + begin.length)
  const end = rest.lastIndexOf('\r\n', rest.lastIndexOf(` ${tag}\r\n${MARK}\r\n`))
  return end < 0 ? undefined : rest.toString('utf8', 0, end)
}

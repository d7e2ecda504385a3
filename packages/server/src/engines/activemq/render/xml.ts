const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Control characters and lone surrogates: most of them XML 1.0 cannot hold at all, not even escaped. */
const IMPOSSIBLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u
/** Spring replaces `${…}` and evaluates `#{…}` in every value it reads. */
const EVALUATED = /[$#]\{/

/**
 * A template whose values are escaped for element text and for attributes; its own text is markup.
 * @throws Error for a value that XML cannot hold, or that Spring would evaluate
 */
export function xml(markup: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return markup.map((text, index) => text + (index < values.length ? escapeXml(String(values[index])) : '')).join('')
}

export function escapeXml(value: string): string {
  if (IMPOSSIBLE.test(value))
    throw new Error(`${JSON.stringify(value)} cannot be written in XML: it holds a control character`)
  if (EVALUATED.test(value))
    throw new Error(`${JSON.stringify(value)} cannot be used: Spring would evaluate what stands in \${…} or #{…}`)
  return value.replaceAll(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? '')
}

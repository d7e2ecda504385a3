import { escapeXml } from '#engines/activemq/render/xml.ts'

/** A value that Spring takes from the environment of the process, where secrets are. */
export interface Variable {
  readonly variable: string
}

/** An element as it is to be written. */
export interface RenderedElement {
  readonly name: string
  readonly attributes: readonly { readonly name: string; readonly value: string | Variable }[]
  readonly children: readonly RenderedElement[]
}

type Attributes = Readonly<Record<string, string | number | boolean | Variable | undefined>>

/** An element of ours; attributes that are `undefined` are left out. */
export const element = (
  name: string,
  attributes: Attributes = {},
  children: readonly RenderedElement[] = [],
): RenderedElement => ({
  name,
  attributes: Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ name: key, value: typeof value === 'object' ? value : String(value) }],
  ),
  children,
})

/** @throws Error for a value that XML cannot hold, or that Spring would evaluate without being a {@link Variable} */
export function elementText({ name, attributes, children }: RenderedElement, indent = ''): string {
  const tag = `${name}${attributes.map(({ name: key, value }) => ` ${key}="${valueText(value)}"`).join('')}`
  if (children.length === 0) return `${indent}<${tag}/>\n`
  return `${indent}<${tag}>\n${children.map((child) => elementText(child, `${indent}  `)).join('')}${indent}</${name}>\n`
}

const valueText = (value: string | Variable): string =>
  typeof value === 'string' ? escapeXml(value) : fromEnvironment(value.variable)

/**
 * Spring replaces and evaluates again what it found for `${…}`, but not what an expression gives: a password may hold anything.
 * The expression is the default of a placeholder that nothing answers, because XBean takes a value that begins with `#` for a name.
 */
const fromEnvironment = (variable: string): string => `\${sluice.unset:#{systemEnvironment['${variable}']}}`

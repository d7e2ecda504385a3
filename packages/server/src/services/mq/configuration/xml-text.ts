import type { ConfigurationElement } from '#engines/broker-engine.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A sanitised configuration as a document of its own. */
export const configurationText = (root: ConfigurationElement): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${elementText(root, '', ' xmlns="http://activemq.apache.org/schema/core"')}`

function elementText({ name, attributes, children }: ConfigurationElement, indent: string, namespace = ''): string {
  const tag = `${name}${namespace}${attributes.map(({ name: key, value }) => ` ${key}="${escaped(value)}"`).join('')}`
  if (children.length === 0) return `${indent}<${tag}/>\n`
  const inside = children.map((child) => elementText(child, `${indent}  `)).join('')
  return `${indent}<${tag}>\n${inside}${indent}</${name}>\n`
}

const escaped = (value: string): string => value.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '')

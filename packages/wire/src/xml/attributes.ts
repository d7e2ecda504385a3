import type { QualifiedName, Source } from './source.ts'
import { attributeOf } from './text.ts'

/** An attribute that is no namespace declaration. */
export interface XmlAttribute {
  /** Local name; those of XML Schema instances begin with `xsi:`, whatever prefix they came with. */
  readonly name: string
  readonly value: string
}

/** Of one element, declarations included: ActiveMQ's policyEntry has 70. Few, since each is compared with those before it. */
const MAX_ATTRIBUTES = 80
/** Prefixes that are declared at one place: S3 needs one. Few, since they are searched one by one. */
const MAX_PREFIXES = 32
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance'
const NONE: readonly XmlAttribute[] = Object.freeze([])
const EQUALS = 0x3d
const QUOTE = 0x22
const APOSTROPHE = 0x27
const SLASH = 0x2f
const CLOSE = 0x3e
const TWICE = 'an element has the same attribute twice'

/** A declared prefix and the namespace it stands for. */
interface Prefix {
  readonly prefix: string
  readonly namespace: string
}
/** The prefixes declared where the reader is, those of inner elements last. */
export type Scope = Prefix[]

export function namespaceOf(source: Source, scope: Scope, prefix: string): string {
  return (
    scope.findLast((known) => known.prefix === prefix)?.namespace ?? source.fail('a namespace prefix is not declared')
  )
}

/** Reads a start tag from after its name up to `>` or `/>`; `scope` grows by the prefixes declared here. */
export function readAttributes(source: Source, scope: Scope): readonly XmlAttribute[] {
  // Nearly every tag ends where its name does.
  if (source.bytes[source.at] === CLOSE) return NONE
  const found: (QualifiedName & { readonly value: string })[] = []
  const outer = scope.length
  let defaulted = false
  for (let count = 1; !isTagEnd(source); count++) {
    if (count > MAX_ATTRIBUTES) source.fail(`an element has more than ${String(MAX_ATTRIBUTES)} attributes`)
    const { prefix, local } = source.name()
    const value = readValue(source)
    if (prefix === 'xmlns') declare(source, scope, outer, { prefix: local, namespace: value })
    else if (prefix === '' && local === 'xmlns') defaulted = defaulted ? source.fail(TWICE) : true
    else found.push({ prefix, local, value })
  }
  return found.length === 0 ? NONE : named(source, scope, found)
}

function isTagEnd(source: Source): boolean {
  const parted = source.skipBlanks()
  const next = source.bytes[source.at]
  if (next === CLOSE || next === SLASH) return true
  return parted ? false : source.fail('attributes must be parted by white space')
}

function readValue(source: Source): string {
  const { bytes } = source
  source.skipBlanks()
  if (bytes[source.at] !== EQUALS) source.fail('an attribute has no value')
  source.at++
  source.skipBlanks()
  const quote = bytes[source.at]
  if (quote !== QUOTE && quote !== APOSTROPHE) return source.fail('the value of an attribute has no quotes')
  const from = source.at + 1
  const to = source.find(quote, from, 'the value of an attribute')
  source.at = to + 1
  return attributeOf(source.text(from, to), source)
}

function declare(source: Source, scope: Scope, outer: number, declared: Prefix): void {
  if (scope.slice(outer).some(({ prefix }) => prefix === declared.prefix)) source.fail(TWICE)
  if (declared.namespace === '') source.fail('a namespace prefix stands for nothing')
  if (scope.length >= MAX_PREFIXES)
    source.fail(`more than ${String(MAX_PREFIXES)} namespace prefixes are declared at one place`)
  scope.push(declared)
}

function named(
  source: Source,
  scope: Scope,
  found: readonly (QualifiedName & { readonly value: string })[],
): readonly XmlAttribute[] {
  const attributes: XmlAttribute[] = []
  for (const { prefix, local, value } of found) {
    const instance = prefix !== '' && namespaceOf(source, scope, prefix) === SCHEMA_INSTANCE
    const name = instance ? `xsi:${local}` : local
    if (attributes.some((attribute) => attribute.name === name)) source.fail(TWICE)
    attributes.push({ name, value })
  }
  return attributes
}

import { createRequire } from 'node:module'

// The parser's own types would bring those of browsers into the whole program.
interface DomNode {
  readonly nodeType: number
  readonly localName?: string | null
  readonly namespaceURI?: string | null
  readonly textContent: string | null
  readonly childNodes: ArrayLike<DomNode>
  readonly attributes?: ArrayLike<{ readonly name: string; readonly value: string }>
}
interface DomParser {
  parseFromString(text: string, type: string): { readonly documentElement: DomNode | null }
}
interface Dom {
  readonly DOMParser: new (options: { readonly errorHandler: Readonly<Record<string, () => void>> }) => DomParser
}
const require = createRequire(import.meta.url)
const { DOMParser } = require('@xmldom/xmldom') as Dom

/** An element as it was read; `text` is that of all its descendants together. */
export interface XmlElement {
  readonly name: string
  /** Empty: none. */
  readonly namespace: string
  readonly text: string
  readonly children: readonly XmlElement[]
  /** By name as written; `undefined`: there is none. */
  attribute(name: string): string | undefined
  /** The node of the parser behind it, for libraries that need one. */
  readonly node: unknown
}

/** A text that is not XML, or has what documents of strangers must not have. */
export class XmlError extends Error {}

const ELEMENT = 1
/** More nesting than any metadata or assertion has. */
const MAX_DEPTH = 64
/** Document types define entities, which grow without bound or read files; instructions and CDATA only hide things. */
const FORBIDDEN = /<!(?!--)|<\?(?!xml[ \t\r\n])/

/**
 * Reads a document strictly and without any document type. The whole text is in memory already; whoever calls bounds it.
 * @throws XmlError
 */
export function readXml(text: string): XmlElement {
  if (FORBIDDEN.test(text)) throw new XmlError('document types, processing instructions and CDATA are not taken')
  const refuse = (): never => {
    throw new XmlError('the text is not well-formed XML')
  }
  let root: DomNode | null
  try {
    const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } })
    root = parser.parseFromString(text, 'text/xml').documentElement
  } catch (error) {
    throw error instanceof XmlError ? error : new XmlError('the text is not well-formed XML')
  }
  // The parser closes crossed elements by itself.
  return root === null || !isBalanced(text) ? refuse() : elementOf(root, 1)
}

/** Whether every element ends as it began; comments are skipped, and `>` in attributes is no end. */
function isBalanced(text: string): boolean {
  const open: string[] = []
  for (const [tag] of text.matchAll(/<!--[^]*?-->|<(?:[^<>"']|"[^"]*"|'[^']*')*>/g)) {
    if (tag.startsWith('<!--') || tag.startsWith('<?')) continue
    const name = /^<\/?([^\s/>]*)/.exec(tag)?.[1] ?? ''
    if (tag.startsWith('</')) {
      if (open.pop() !== name) return false
    } else if (!tag.endsWith('/>')) open.push(name)
  }
  return open.length === 0
}

function elementOf(node: DomNode, depth: number): XmlElement {
  if (depth > MAX_DEPTH) throw new XmlError('the elements are nested too deeply')
  const children: XmlElement[] = []
  for (const child of Array.from(node.childNodes))
    if (child.nodeType === ELEMENT) children.push(elementOf(child, depth + 1))
  const attributes = Array.from(node.attributes ?? [])
  return {
    name: node.localName ?? '',
    namespace: node.namespaceURI ?? '',
    get text() {
      return node.textContent ?? ''
    },
    children,
    attribute: (name) => attributes.find((attribute) => attribute.name === name)?.value,
    node,
  }
}

/** The children of that name. */
export const childrenNamed = (parent: XmlElement, namespace: string, name: string): readonly XmlElement[] =>
  parent.children.filter((child) => child.name === name && child.namespace === namespace)

/** The element itself and all below it. */
export function* elementsWithin(element: XmlElement): Generator<XmlElement> {
  yield element
  for (const child of element.children) yield* elementsWithin(child)
}

const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** Epoch milliseconds of an `xs:dateTime` with a zone. @throws XmlError */
export function readDateTime(text: string): number {
  const millis = DATE.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(millis)) throw new XmlError(`${JSON.stringify(text.slice(0, 40))} is no date with time and zone`)
  return millis
}

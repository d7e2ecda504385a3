import { MAX_DEPTH, Malformed } from '../reading/cursor.ts'
import { type Scope, type XmlAttribute, namespaceOf, readAttributes } from './attributes.ts'
import { skipDeclaration } from './declaration.ts'
import { Source, isBlank } from './source.ts'
import { contentOf, lineEnds } from './text.ts'

/** An element of a request body. Lists, not objects: names come from outside and may be those of an object's own. */
export interface XmlElement {
  /** Local name: a prefix and the namespace it stands for are dropped. */
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlElement[]
  /** Text directly inside, exactly; white space between child elements is layout and left out. */
  readonly text: string
}

/** S3's largest body has fewer: CompleteMultipartUpload, with 10,000 parts of up to 13 elements. Each takes 100 bytes. */
const MAX_ELEMENTS = 200_000
/** Shared by all that have none; never pushed to. */
const NO_CHILDREN: XmlElement[] = []
Object.freeze(NO_CHILDREN)
const OPEN = 0x3c
const SLASH = 0x2f
const BANG = 0x21
const QUESTION = 0x3f

interface Growing {
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  children: XmlElement[]
  text: string
}
interface Opened {
  readonly element: Growing
  /** Where its name stands, for the end tag. */
  readonly from: number
  readonly to: number
  /** How many prefixes were declared outside of it. */
  readonly prefixes: number
}

/**
 * Reads an XML body into a tree, in one pass and without recursion. Strict: what XML 1.0 and its namespaces call not
 * well-formed is refused, and so are document types, whose entities blow up or fetch files, and processing instructions.
 * @throws Malformed when it cannot be read; messages never quote it.
 */
export function parseXml(body: Uint8Array): XmlElement {
  return new Parser(new Source(body)).run()
}

class Parser {
  readonly #source: Source
  readonly #open: Opened[] = []
  readonly #scope: Scope = [{ prefix: 'xml', namespace: 'http://www.w3.org/XML/1998/namespace' }]
  #root: XmlElement | undefined
  #elements = 0

  constructor(source: Source) {
    this.#source = source
  }

  run(): XmlElement {
    const source = this.#source
    skipDeclaration(source)
    const { bytes } = source
    while (source.at < bytes.length) {
      if (bytes[source.at] !== OPEN) this.#text()
      else this.#markup(bytes[source.at + 1])
    }
    if (this.#open.length > 0) source.fail('an element is not closed')
    return this.#root ?? source.fail('there is no element')
  }

  #markup(next: number | undefined): void {
    switch (next) {
      case SLASH:
        this.#endTag()
        return
      case BANG:
        this.#special()
        return
      case QUESTION:
        this.#source.fail('processing instructions are not accepted')
      default:
        this.#startTag()
    }
  }

  #startTag(): void {
    const source = this.#source
    const from = ++source.at
    const { prefix, local } = source.name()
    const to = source.at
    const prefixes = this.#scope.length
    const attributes = readAttributes(source, this.#scope)
    if (prefix !== '') namespaceOf(source, this.#scope, prefix)
    const element: Growing = { name: local, attributes, children: NO_CHILDREN, text: '' }
    this.#place(element)
    if (source.skip('/>')) this.#scope.length = prefixes
    else if (source.skip('>')) this.#enter({ element, from, to, prefixes })
    else source.fail('a start tag has no end')
  }

  #place(element: Growing): void {
    if (++this.#elements > MAX_ELEMENTS)
      throw new Malformed(`The XML has more than ${String(MAX_ELEMENTS)} elements`, '')
    const parent = this.#open.at(-1)?.element
    if (parent === undefined) {
      if (this.#root !== undefined) this.#source.fail('there is more than one root element')
      this.#root = element
      return
    }
    if (parent.children !== NO_CHILDREN) {
      parent.children.push(element)
      return
    }
    parent.children = [element]
    if (isLayout(parent.text)) parent.text = ''
  }

  #enter(opened: Opened): void {
    if (this.#open.push(opened) > MAX_DEPTH)
      throw new Malformed(`The request is nested deeper than ${String(MAX_DEPTH)} levels`, '')
  }

  #endTag(): void {
    const source = this.#source
    const { bytes } = source
    const opened = this.#open.pop() ?? source.fail('an end tag has no start tag')
    source.at += 2
    for (let at = opened.from; at < opened.to; at++)
      if (bytes[at] !== bytes[source.at++]) source.fail('an end tag does not match its start tag')
    source.skipBlanks()
    if (!source.skip('>')) source.fail('an end tag does not match its start tag')
    this.#scope.length = opened.prefixes
  }

  #text(): void {
    const source = this.#source
    const { bytes, at } = source
    const next = bytes.indexOf(OPEN, at)
    const end = next === -1 ? bytes.length : next
    source.at = end
    const element = this.#open.at(-1)?.element
    if (element === undefined || element.children !== NO_CHILDREN) {
      // Between elements there is nothing but layout, nearly always.
      let blank = at
      while (blank < end && isBlank(bytes[blank])) blank++
      if (blank === end) return
      if (element === undefined) return source.fail('there is text outside of the root element')
    }
    element.text += contentOf(source.text(at, end), source)
  }

  /** Comments and CDATA sections; what else begins with `<!` declares a document type. */
  #special(): void {
    const source = this.#source
    if (source.skip('<!--')) {
      source.at = source.find('--', source.at, 'a comment') + 2
      if (!source.skip('>')) source.fail('a comment holds --')
    } else if (source.skip('<![CDATA[')) {
      const element = this.#open.at(-1)?.element ?? source.fail('there is text outside of the root element')
      const end = source.find(']]>', source.at, 'a CDATA section')
      element.text += lineEnds(source.text(source.at, end))
      source.at = end + 3
    } else source.fail('document types are not accepted')
  }
}

const isLayout = (text: string): boolean => /^[ \t\r\n]*$/.test(text)

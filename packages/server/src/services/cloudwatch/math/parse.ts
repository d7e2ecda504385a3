import { BadExpression, type Token, tokensOf } from '#services/cloudwatch/math/tokens.ts'

/** What an expression says. */
export type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** A query's id, or the name of a way to fill. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'negative'; readonly of: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node }
  /** The function's name in upper case. */
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Node[] }
  | { readonly kind: 'list'; readonly items: readonly Node[] }

/** Loosest first; all of a row bind alike, from the left. */
const LEVELS: readonly (readonly string[])[] = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
]
/** Bounds the stack. */
const MAX_DEPTH = 50

/**
 * Reads a metric math expression.
 * @throws BadExpression
 * @source CloudWatch user guide, metric math syntax and functions
 */
export function parseExpression(text: string): Node {
  const parser = new Parser(tokensOf(text))
  return parser.whole()
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Node {
    const node = this.#level(0)
    const left = this.#tokens[this.#at]
    if (left !== undefined) throw new BadExpression(`Unexpected ${JSON.stringify(left.value)}`)
    return node
  }

  #level(level: number): Node {
    const operators = LEVELS[level]
    if (operators === undefined) return this.#signed()
    let node = this.#level(level + 1)
    for (let operator = this.#oneOf(operators); operator !== undefined; operator = this.#oneOf(operators))
      node = { kind: 'binary', operator, left: node, right: this.#level(level + 1) }
    return node
  }

  #signed(): Node {
    if (this.#takes('-')) return { kind: 'negative', of: this.#deeper(() => this.#signed()) }
    const base = this.#operand()
    if (!this.#takes('^')) return base
    return { kind: 'binary', operator: '^', left: base, right: this.#deeper(() => this.#signed()) }
  }

  #operand(): Node {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new BadExpression('Unexpected end of the expression')
    if (token.kind === 'number' || token.kind === 'text') return token
    if (token.kind === 'name')
      return this.#takes('(')
        ? { kind: 'call', name: token.value.toUpperCase(), parameters: this.#items(')') }
        : { kind: 'name', name: token.value }
    if (token.value === '[') return { kind: 'list', items: this.#items(']') }
    if (token.value !== '(') throw new BadExpression(`Unexpected ${JSON.stringify(token.value)}`)
    const node = this.#deeper(() => this.#level(0))
    if (!this.#takes(')')) throw new BadExpression('A parenthesis is not closed')
    return node
  }

  #items(end: string): readonly Node[] {
    const items: Node[] = []
    if (this.#takes(end)) return items
    do items.push(this.#deeper(() => this.#level(0)))
    while (this.#takes(','))
    if (!this.#takes(end)) throw new BadExpression(`A ${JSON.stringify(end)} is missing`)
    return items
  }

  #deeper(read: () => Node): Node {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new BadExpression(`It is nested more than ${String(MAX_DEPTH)} times`)
    const node = read()
    this.#depth -= 1
    return node
  }

  #oneOf(operators: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at]
    if (token === undefined || (token.kind !== 'sign' && token.kind !== 'name')) return undefined
    if (!operators.includes(token.value)) return undefined
    this.#at += 1
    return token.value
  }

  #takes(sign: string): boolean {
    return this.#oneOf([sign]) !== undefined
  }
}

/** Every name in an expression that may be the id of a query. */
export function namesIn(node: Node): readonly string[] {
  switch (node.kind) {
    case 'number':
    case 'text':
      return []
    case 'name':
      return [node.name]
    case 'negative':
      return namesIn(node.of)
    case 'binary':
      return [...namesIn(node.left), ...namesIn(node.right)]
    case 'call':
      return node.parameters.flatMap(namesIn)
    case 'list':
      return node.items.flatMap(namesIn)
  }
}

/** Whether an expression asks for all metrics of its call. */
export function asksForMetrics(node: Node): boolean {
  switch (node.kind) {
    case 'negative':
      return asksForMetrics(node.of)
    case 'binary':
      return asksForMetrics(node.left) || asksForMetrics(node.right)
    case 'call':
      return node.name === 'METRICS' || node.parameters.some(asksForMetrics)
    case 'list':
      return node.items.some(asksForMetrics)
    default:
      return false
  }
}

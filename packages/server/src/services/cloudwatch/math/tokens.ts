/** A part of an expression. */
export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string }

/** Why an expression cannot be read. */
export class BadExpression extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'BadExpression'
  }
}

const SPACE = /\s+/y
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const NAME = /[A-Za-z][A-Za-z0-9_]*/y
const TEXT = /"[^"]*"|'[^']*'/y
const SIGN = /&&|\|\||==|!=|<=|>=|[-+*/^<>(),[\]]/y

/** @throws BadExpression */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const [found] = pattern.exec(text) ?? []
    at += found?.length ?? 0
    return found
  }
  while (at < text.length) {
    if (take(SPACE) !== undefined) continue
    const token = next(take)
    if (token === undefined) throw new BadExpression(`Unexpected character ${JSON.stringify(text.charAt(at))}`)
    tokens.push(token)
  }
  return tokens
}

function next(take: (pattern: RegExp) => string | undefined): Token | undefined {
  const number = take(NUMBER)
  if (number !== undefined) return { kind: 'number', value: Number(number) }
  const name = take(NAME)
  if (name !== undefined) return { kind: 'name', value: name }
  const text = take(TEXT)
  if (text !== undefined) return { kind: 'text', value: text.slice(1, -1) }
  const sign = take(SIGN)
  return sign === undefined ? undefined : { kind: 'sign', value: sign }
}

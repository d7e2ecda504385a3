import type { PolicyVersion } from '../policy.ts'
import type { Piece } from './piece.ts'

/** A policy variable, `${key}` or `${key, 'text'}`. */
export interface Variable {
  readonly key: string
  /** The key in lower case, as contexts are searched. */
  readonly name: string
  /** What stands in when the key is missing. */
  readonly fallback?: string
}

/** Policy text that may hold variables. */
export interface Template {
  readonly text: string
  readonly parts: readonly (Piece | Variable)[]
  /** The pieces, when there is no variable. */
  readonly constant?: readonly Piece[]
}

/** Asked for a variable's value; `undefined` when the key is missing or has several values. */
export type Resolve = (variable: Variable) => string | undefined

const ESCAPES: ReadonlySet<string> = new Set(['*', '?', '$'])

/**
 * Reads policy text. Policies of version 2008-10-17 have no variables: `${…}` stands for itself.
 * @throws TemplateError for a variable that is never closed or has no key
 */
export function parseTemplate(text: string, version: PolicyVersion): Template {
  if (version === '2008-10-17' || !text.includes('${')) return constantTemplate(text)
  const parts: (Piece | Variable)[] = []
  let from = 0
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', from)) {
    if (at > from) parts.push({ text: text.slice(from, at), literal: false })
    const variable = readVariable(text, at)
    parts.push(variable.part)
    from = variable.end
  }
  if (from < text.length) parts.push({ text: text.slice(from), literal: false })
  const pieces = parts.filter(isPiece)
  return pieces.length === parts.length ? { text, parts, constant: pieces } : { text, parts }
}

/** Text in which nothing is a variable. */
export function constantTemplate(text: string): Template {
  const constant: readonly Piece[] = [{ text, literal: false }]
  return { text, parts: constant, constant }
}

/** Puts values in for variables, as literal text. `undefined`: a variable has no value and no default. */
export function resolveTemplate(template: Template, resolve: Resolve): readonly Piece[] | undefined {
  if (template.constant !== undefined) return template.constant
  const pieces: Piece[] = []
  for (const part of template.parts) {
    if (isPiece(part)) {
      pieces.push(part)
    } else {
      const value = resolve(part)
      if (value === undefined) return undefined
      pieces.push({ text: value, literal: true })
    }
  }
  return pieces
}

/** The variables of a template in the order of its text. */
export const variablesOf = (template: Template): readonly Variable[] =>
  template.parts.filter((part): part is Variable => !isPiece(part))

/** Policy text with a variable that cannot be read. */
export class TemplateError extends Error {}

const isPiece = (part: Piece | Variable): part is Piece => 'literal' in part

function readVariable(text: string, at: number): { readonly part: Piece | Variable; readonly end: number } {
  const inside = at + 2
  const close = text.indexOf('}', inside)
  if (close === -1) throw new TemplateError(`the variable that starts at "${text.slice(at, at + 40)}" is never closed`)
  const quote = text.indexOf(", '", inside)
  if (quote !== -1 && quote < close) return readDefaulted(text, at, quote)
  const key = text.slice(inside, close)
  if (ESCAPES.has(key)) return { part: { text: key, literal: true }, end: close + 1 }
  return { part: variableOf(key), end: close + 1 }
}

function readDefaulted(text: string, at: number, quote: number): { readonly part: Variable; readonly end: number } {
  const close = text.indexOf("'}", quote + 3)
  if (close === -1) throw new TemplateError(`the default that starts at "${text.slice(at, at + 40)}" is never closed`)
  const variable = variableOf(text.slice(at + 2, quote))
  return { part: { ...variable, fallback: text.slice(quote + 3, close) }, end: close + 2 }
}

function variableOf(key: string): Variable {
  if (key.trim() === '') throw new TemplateError('a variable has no key')
  return { key, name: key.toLowerCase() }
}

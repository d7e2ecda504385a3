import type { Effect, PolicyVersion } from '../policy.ts'
import { ARN_PARTS, type ArnMatcher, compileArn, matchArn, splitParts } from '../text/arn.ts'
import { type Template, constantTemplate, parseTemplate, resolveTemplate } from '../text/template.ts'
import type { Facts } from './facts.ts'

/** One entry of `Resource` or `NotResource`. */
export interface ResourcePattern {
  /** As written. */
  readonly text: string
  /** Ready to match, when it has no variables. */
  readonly matcher?: ArnMatcher
  /** The five parts before the resource, `arn:…:`, and the resource with its variables. */
  readonly head: string
  readonly tail: Template
}

/** `Resource` or, with `negated`, `NotResource`. */
export interface ResourceElement {
  readonly negated: boolean
  readonly patterns: readonly ResourcePattern[]
}

/**
 * Variables count only behind the fifth colon.
 * @throws TemplateError for a variable that cannot be read
 */
export function compileResource(text: string, version: PolicyVersion): ResourcePattern {
  const parts = splitParts(text)
  const resource = parts.length === ARN_PARTS ? (parts[ARN_PARTS - 1] ?? '') : undefined
  const head = resource === undefined ? text : text.slice(0, text.length - resource.length)
  const tail = resource === undefined ? constantTemplate('') : parseTemplate(resource, version)
  if (tail.constant === undefined) return { text, head, tail }
  return { text, head, tail, matcher: compileArn([{ text: head, literal: false }, ...tail.constant]) }
}

/**
 * A pattern whose variable has no value matches nothing. Its complement in `NotResource` then counts for a Deny and
 * not for an Allow, so that what cannot be worked out never lets anybody in.
 */
export function resourceMatches(element: ResourceElement, effect: Effect, facts: Facts): boolean {
  let unresolved = false
  for (const pattern of element.patterns) {
    const matcher = pattern.matcher ?? resolveMatcher(pattern, facts)
    if (matcher === undefined) unresolved = true
    else if (matcherMatches(matcher, facts)) return !element.negated
  }
  return element.negated && (!unresolved || effect === 'Deny')
}

function matcherMatches(matcher: ArnMatcher, facts: Facts): boolean {
  if (matcher.kind === 'any') return true
  return facts.arn !== undefined && matchArn(matcher, facts.arn, facts.meter)
}

function resolveMatcher(pattern: ResourcePattern, facts: Facts): ArnMatcher | undefined {
  const tail = resolveTemplate(pattern.tail, facts.resolve)
  return tail === undefined ? undefined : compileArn([{ text: pattern.head, literal: false }, ...tail])
}

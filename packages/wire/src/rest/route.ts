import { type Member, type Model, type Operation, structureOf } from '../model/model.ts'
import type { RequestHead } from '../request.ts'

/** An operation's place: its path, cut at its slashes, and what else tells it from others of the same path. */
interface Route {
  readonly operation: string
  readonly segments: readonly Segment[]
  /** Query parameters that belong to the path, e.g. `list-type=2`; an empty value is not compared. */
  readonly fixed: readonly (readonly [name: string, value: string])[]
  /** Query parameters and headers without which the operation's input is not whole. */
  readonly parameters: readonly string[]
  readonly headers: readonly string[]
}

/** Literal text, a label, or a label that takes the rest of the path. */
type Segment = { readonly literal: string } | { readonly label: string; readonly greedy: boolean }

export interface Routed {
  readonly operation: string
  /** By name in the path, as sent. */
  readonly labels: Readonly<Record<string, string>>
}

export type Router = (
  method: string,
  rawPath: string,
  rawQuery: string,
  headers: RequestHead['headers'],
) => Routed | undefined

const LABEL = /^\{([^}+]+)(\+?)\}$/

/**
 * The routes of a REST model. Literal segments win over labels, fixed query parameters over none, and of what is left
 * the operation wins whose required parameters and headers were all sent.
 */
export function compileRoutes(model: Model): Router {
  const byShape = new Map<string, Route[]>()
  const all = Object.entries(model.operations).flatMap(([name, operation]) =>
    compileRoute(model, name, operation).map((route) => [operation.http.method, route] as const),
  )
  for (const [method, route] of all.toSorted(([, a], [, b]) => weight(b) - weight(a))) {
    const key = `${method} ${isGreedy(route) ? '+' : String(route.segments.length)}`
    const same = byShape.get(key)
    if (same === undefined) byShape.set(key, [route])
    else same.push(route)
  }
  return (method, rawPath, rawQuery, headers) => {
    const sent = rawPath.split('/')
    const parameters = namesAndValues(rawQuery)
    const exact = byShape.get(`${method} ${String(sent.length)}`) ?? []
    return (
      choose(exact, sent, parameters, headers) ?? choose(byShape.get(`${method} +`) ?? [], sent, parameters, headers)
    )
  }
}

function choose(
  routes: readonly Route[],
  sent: readonly string[],
  parameters: ReadonlyMap<string, string>,
  headers: RequestHead['headers'],
): Routed | undefined {
  let fallback: Routed | undefined
  for (const route of routes) {
    if (!route.fixed.every(([name, value]) => parameters.has(name) && (value === '' || parameters.get(name) === value)))
      continue
    const labels = match(route.segments, sent)
    if (labels === undefined) continue
    const routed = { operation: route.operation, labels }
    const whole =
      route.parameters.every((name) => parameters.has(name)) &&
      route.headers.every((name) => headers[name] !== undefined)
    if (whole) return routed
    // What misses a required parameter is still this operation, and is told so, unless another one fits better.
    fallback = routed
  }
  return fallback
}

function compileRoute(model: Model, operation: string, { http, input }: Operation): readonly Route[] {
  const [path = '', query = ''] = http.requestUri.split('?')
  const segments = path.split('/').map((text): Segment => {
    const [, label, plus] = LABEL.exec(text) ?? []
    return label === undefined ? { literal: text } : { label, greedy: plus === '+' }
  })
  const shape = input === undefined ? undefined : structureOf(model, input)
  const required = (shape?.required ?? []).map((name) => [name, shape?.members[name]] as const)
  const at = (location: Member['location']): readonly string[] =>
    required.flatMap(([name, member]) => (member?.location === location ? [member?.locationName ?? name] : []))
  const route: Route = {
    operation,
    segments,
    fixed: [...namesAndValues(query)],
    parameters: at('querystring'),
    headers: at('header').map((name) => name.toLowerCase()),
  }
  // Some models end a path with a slash, which some clients leave out.
  return path.length > 1 && path.endsWith('/') ? [route, { ...route, segments: segments.slice(0, -1) }] : [route]
}

const isGreedy = ({ segments }: Route): boolean => segments.some((segment) => 'label' in segment && segment.greedy)

function weight({ segments, fixed, parameters, headers }: Route): number {
  const literals = segments.filter((segment) => 'literal' in segment).length
  return literals * 10_000 + fixed.length * 100 + parameters.length + headers.length
}

function match(segments: readonly Segment[], sent: readonly string[]): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const text = sent[index] ?? ''
    if ('literal' in segment) {
      if (segment.literal !== text) return undefined
    } else if (segment.greedy) {
      const rest = sent.slice(index).join('/')
      if (rest === '') return undefined
      labels[segment.label] = rest
    } else {
      if (text === '') return undefined
      labels[segment.label] = text
    }
  }
  return labels
}

/** The parameters of a raw query; the last of a name counts. Names and values that tell routes apart need no decoding. */
function namesAndValues(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (query === '') return found
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    if (pair !== '')
      found.set(equals === -1 ? pair : pair.slice(0, equals), equals === -1 ? '' : pair.slice(equals + 1))
  }
  return found
}

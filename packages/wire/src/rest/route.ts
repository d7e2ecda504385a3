import type { Model, Operation } from '../model/model.ts'

/** An operation's path, cut at its slashes: literal text, or the name of a label. */
interface Route {
  readonly operation: string
  readonly method: string
  readonly segments: readonly ({ readonly literal: string } | { readonly label: string })[]
}

export interface Routed {
  readonly operation: string
  /** By name in the path, as sent. */
  readonly labels: Readonly<Record<string, string>>
}

const LABEL = /^\{([^}+]+)\}$/

/** The routes of a REST model. Literal segments win over labels, whatever the order of operations. */
export function compileRoutes(model: Model): (method: string, rawPath: string) => Routed | undefined {
  const routes = Object.entries(model.operations)
    .map(([name, operation]) => compileRoute(name, operation))
    .sort((a, b) => literals(b) - literals(a))
  return (method, rawPath) => {
    const sent = rawPath.split('/')
    for (const route of routes) {
      if (route.method !== method || route.segments.length !== sent.length) continue
      const labels = match(route, sent)
      if (labels !== undefined) return { operation: route.operation, labels }
    }
    return undefined
  }
}

function compileRoute(operation: string, { http }: Operation): Route {
  if (http.requestUri.includes('?') || http.requestUri.includes('+}')) {
    throw new Error(`${operation}: paths with a query or a greedy label are not what rest/route.ts reads`)
  }
  const segments = http.requestUri.split('/').map((text) => {
    const label = LABEL.exec(text)?.[1]
    return label === undefined ? { literal: text } : { label }
  })
  return { operation, method: http.method, segments }
}

const literals = (route: Route): number => route.segments.filter((segment) => 'literal' in segment).length

function match(route: Route, sent: readonly string[]): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {}
  for (const [index, segment] of route.segments.entries()) {
    const text = sent[index] ?? ''
    if ('literal' in segment) {
      if (segment.literal !== text) return undefined
    } else {
      if (text === '') return undefined
      labels[segment.label] = text
    }
  }
  return labels
}

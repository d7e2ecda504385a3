import type { Family } from '../families.ts'
import { JsonReaders } from '../json/read.ts'
import { parseJson, refuseRepeatedKeys } from '../json/text.ts'
import { type Member, type Model, type SimpleShape, type StructureShape, shapeOf, structureOf } from '../model/model.ts'
import { decodeFormText } from '../query/form.ts'
import { constraintsOf } from '../reading/constraints.ts'
import type { Cursor } from '../reading/cursor.ts'
import { textReader } from '../reading/text.ts'

const NOT_NULL = 'Member must not be null'
const MAX_QUERY_PARAMETERS = 1_000

/** What a REST request carries outside its body. */
export interface RestParts {
  /** As sent, by their names in the path. */
  readonly labels: Readonly<Record<string, string>>
  /** The raw query, without `?`. */
  readonly query: string
}

export type RestRead = (parts: RestParts, body: Uint8Array, cursor: Cursor) => Record<string, unknown>

/** The reader of one operation's input: labels and query parameters by their bindings, the rest from a JSON body. */
export function compileRestReader(model: Model, family: Family, input: string): RestRead {
  const shape = structureOf(model, input)
  const bound = boundMembers(model, family, shape)
  const outside = new Set(bound.map(({ name }) => name))
  const inBody = Object.keys(shape.members).some((name) => !outside.has(name))
  const readBody = new JsonReaders(model, family).structure(shape, (name) => !outside.has(name))
  return (parts, body, cursor) => {
    const query = parseQuery(parts.query, cursor)
    const found: Record<string, unknown> = {}
    for (const member of bound) {
      cursor.path[0] = member.wire
      const sent = member.inPath ? label(parts.labels[member.wire], cursor) : query.get(member.wire)
      if (sent !== undefined) found[member.name] = member.read(sent, cursor)
      else if (member.required) cursor.reject(1, NOT_NULL, null)
    }
    if (!inBody) return found
    // An absent body is an empty one: what is required in it is reported by the body's reader.
    if (body.length === 0) return { ...(readBody({}, cursor, 0) as object), ...found }
    const parsed = parseJson(body)
    const value = readBody(parsed.value, cursor, 0) as object
    refuseRepeatedKeys(parsed, cursor.keys)
    return { ...value, ...found }
  }
}

interface BoundMember {
  readonly name: string
  readonly wire: string
  readonly inPath: boolean
  readonly required: boolean
  readonly read: (sent: readonly string[], cursor: Cursor) => unknown
}

function boundMembers(model: Model, family: Family, shape: StructureShape): readonly BoundMember[] {
  const bound: BoundMember[] = []
  for (const [name, member] of Object.entries(shape.members)) {
    if (member.location === undefined) continue
    if (member.location !== 'uri' && member.location !== 'querystring') {
      throw new Error(`${model.service} binds ${name} to ${member.location}, which rest/read.ts does not read`)
    }
    bound.push({
      name,
      wire: member.locationName ?? name,
      inPath: member.location === 'uri',
      required: shape.required?.includes(name) === true,
      read: boundReader(model, family, member),
    })
  }
  return bound
}

function boundReader(model: Model, family: Family, member: Member): BoundMember['read'] {
  const shape = shapeOf(model, member.shape)
  if (shape.type === 'structure' || shape.type === 'map')
    throw new Error(`${model.service} binds a ${shape.type} outside the body, which no protocol allows`)
  const { check } = constraintsOf(shape, family)
  if (shape.type === 'list') {
    const read = textReader(shapeOf(model, shape.member.shape) as SimpleShape, 'iso8601')
    return (sent, cursor) => {
      const value = sent.map((text) => read(text, cursor, 1))
      check(value, cursor, 1)
      return value
    }
  }
  const read = textReader(shape, member.timestampFormat ?? shape.timestampFormat ?? 'iso8601')
  return (sent, cursor) => {
    if (sent.length !== 1) return cursor.malformed(1, 'The query parameter was sent twice')
    const value = read(sent[0] ?? '', cursor, 1)
    check(value, cursor, 1)
    return value
  }
}

function label(sent: string | undefined, cursor: Cursor): readonly string[] | undefined {
  if (sent === undefined) return undefined
  try {
    return [decodeURIComponent(sent)]
  } catch {
    return cursor.malformed(1, 'The path is malformed: its percent-encoding is not valid UTF-8')
  }
}

function parseQuery(query: string, cursor: Cursor): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  if (query === '') return found
  const pairs = query.split('&', MAX_QUERY_PARAMETERS + 1)
  if (pairs.length > MAX_QUERY_PARAMETERS)
    cursor.malformed(0, `The query string has more than ${String(MAX_QUERY_PARAMETERS)} parameters`)
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeFormText(equals === -1 ? pair : pair.slice(0, equals))
    const value = decodeFormText(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined)
      return cursor.malformed(0, 'The query string is malformed: its percent-encoding is not valid UTF-8')
    const list = found.get(name)
    if (list === undefined) found.set(name, [value])
    else list.push(value)
  }
  return found
}

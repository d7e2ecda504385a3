import type { Family } from '../families.ts'
import {
  type Member,
  type Model,
  type Operation,
  type SimpleShape,
  type StructureShape,
  shapeOf,
  structureOf,
} from '../model/model.ts'
import type { InputRead } from '../protocols/protocol.ts'
import { wholeBody } from '../protocols/protocol.ts'
import { constraintsOf } from '../reading/constraints.ts'
import type { Cursor } from '../reading/cursor.ts'
import { splitUrl } from '../scope.ts'
import { presignedHeaders } from '../sigv4/presigned-headers.ts'
import { type BoundMember, type Sent, boundMembers } from './bound.ts'
import { parseQuery } from './parameters.ts'

const NOT_NULL = 'Member must not be null'

/** Reads a body; `undefined` when it is empty and that is not the same as a body without members. */
export type BodyRead = (body: Uint8Array, cursor: Cursor) => unknown

/** How a REST protocol reads what stands in the body. */
export interface RestBodies {
  /** Members that have no other place. */
  readonly members: (shape: StructureShape, only: (name: string) => boolean) => BodyRead
  /** The one member, a structure, that is the whole body. */
  readonly payload: (member: Member) => BodyRead
}

/** The reader of one operation's input: labels, query and headers by their bindings, the rest from the body. */
export function compileRestReader(model: Model, family: Family, { input }: Operation, bodies: RestBodies): InputRead {
  if (input === undefined) return () => ({})
  const shape = structureOf(model, input)
  const bound = boundMembers(model, family, shape)
  const readBody = compileBody(model, family, shape, bound, bodies)
  return (parts, cursor) => {
    const { operation, head, body } = parts
    const sent: Sent = {
      labels: operation.labels ?? {},
      query: parseQuery(splitUrl(head.rawUrl).query, cursor),
      headers: operation.service === 's3' ? presignedHeaders(head) : head.headers,
    }
    const found: Record<string, unknown> = {}
    for (const member of bound) {
      cursor.path[0] = member.segment
      const value = member.read(sent, cursor)
      if (value !== undefined) found[member.name] = value
      else if (member.required) cursor.reject(1, NOT_NULL, null)
    }
    return { ...readBody(body, cursor), ...found }
  }
}

type InputBody = Parameters<InputRead>[0]['body']
type MembersRead = (body: InputBody, cursor: Cursor) => Record<string, unknown>

function compileBody(
  model: Model,
  family: Family,
  shape: StructureShape,
  bound: readonly BoundMember[],
  bodies: RestBodies,
): MembersRead {
  const { payload } = shape
  if (payload !== undefined) return payloadReader(model, family, shape, payload, bodies)
  const outside = new Set(bound.map(({ name }) => name))
  if (Object.keys(shape.members).every((name) => outside.has(name))) return () => ({})
  const read = bodies.members(shape, (name) => !outside.has(name))
  return (body, cursor) => (read(wholeBody(body), cursor) ?? {}) as Record<string, unknown>
}

function payloadReader(
  model: Model,
  family: Family,
  shape: StructureShape,
  name: string,
  bodies: RestBodies,
): MembersRead {
  const member = shape.members[name]
  if (member === undefined) throw new Error(`${model.service} has no member ${name}, which is to be a body`)
  const required = shape.required?.includes(name) === true
  const of = shapeOf(model, member.shape)
  if (member.streaming === true) return (body) => ({ [name]: body instanceof Uint8Array ? streamOf(body) : body })
  const missing = (cursor: Cursor): Record<string, unknown> => {
    cursor.path[0] = name
    if (required) cursor.reject(1, NOT_NULL, null)
    return {}
  }
  const read = of.type === 'structure' ? bodies.payload(member) : rawPayload(of as SimpleShape, family)
  return (body, cursor) => {
    const value = read(wholeBody(body), cursor)
    return value === undefined ? missing(cursor) : { [name]: value }
  }
}

/** A payload that is text or bytes, as it came. */
function rawPayload(shape: SimpleShape, family: Family): BodyRead {
  const { check } = constraintsOf(shape, family)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return (body, cursor) => {
    if (body.length === 0) return undefined
    const value = shape.type === 'blob' ? body : textOf(decoder, body, cursor)
    check(value, cursor, 1)
    return value
  }
}

function textOf(decoder: TextDecoder, body: Uint8Array, cursor: Cursor): string {
  try {
    return decoder.decode(body)
  } catch {
    return cursor.malformed(1, 'The request body is not valid UTF-8')
  }
}

async function* streamOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  if (body.length > 0) yield await Promise.resolve(body)
}

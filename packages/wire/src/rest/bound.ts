import type { Family } from '../families.ts'
import {
  type ListShape,
  type Member,
  type Model,
  type SimpleShape,
  type StructureShape,
  type TimestampFormat,
  shapeOf,
} from '../model/model.ts'
import { constraintsOf } from '../reading/constraints.ts'
import type { Cursor } from '../reading/cursor.ts'
import { recordName } from '../reading/names.ts'
import { textReader } from '../reading/text.ts'
import type { RequestHead } from '../request.ts'
import type { Parameters } from './parameters.ts'

/** What a REST request carries outside its body. */
export interface Sent {
  /** As sent, by their names in the path. */
  readonly labels: Readonly<Record<string, string>>
  readonly query: Parameters
  readonly headers: RequestHead['headers']
}

/** A member that stands in the path, the query or the headers. */
export interface BoundMember {
  readonly name: string
  /** How messages name it. */
  readonly segment: string
  readonly required: boolean
  /** @returns `undefined` when it was not sent. @throws Malformed when it cannot be read */
  readonly read: (sent: Sent, cursor: Cursor) => unknown
}

export function boundMembers(model: Model, family: Family, shape: StructureShape): readonly BoundMember[] {
  return Object.entries(shape.members)
    .filter(([, { location }]) => location !== undefined)
    .map(([name, member]) => ({
      name,
      segment: recordName(model.protocols[0], name, member),
      required: shape.required?.includes(name) === true,
      read: readerOf(model, family, name, member),
    }))
}

function readerOf(model: Model, family: Family, name: string, member: Member): BoundMember['read'] {
  const wire = member.locationName ?? name
  switch (member.location) {
    case 'uri': {
      const read = valueReader(model, family, member, 'iso8601')
      return ({ labels }, cursor) => {
        const sent = labels[wire]
        return sent === undefined ? undefined : read(decodeLabel(sent, cursor), cursor)
      }
    }
    case 'querystring': {
      const shape = shapeOf(model, member.shape)
      if (shape.type === 'list') return listOfParameters(model, family, wire, shape)
      const read = valueReader(model, family, member, 'iso8601')
      return ({ query }, cursor) => {
        const sent = query.get(wire)
        if (sent === undefined) return undefined
        if (sent.length !== 1) return cursor.malformed(1, 'The query parameter was sent twice')
        return read(sent[0] ?? '', cursor)
      }
    }
    case 'header':
      return headerReader(model, family, wire.toLowerCase(), member)
    case 'headers': {
      const prefix = wire.toLowerCase()
      return ({ headers }) => prefixed(headers, prefix)
    }
    default:
      throw new Error(`${model.service} binds ${name} to ${String(member.location)}, which no request carries`)
  }
}

type ValueRead = (text: string, cursor: Cursor) => unknown

function valueReader(model: Model, family: Family, member: Member, format: TimestampFormat): ValueRead {
  const shape = shapeOf(model, member.shape)
  if (shape.type === 'structure' || shape.type === 'map' || shape.type === 'list')
    throw new Error(`${model.service} binds a ${shape.type} to one place outside the body, which no protocol allows`)
  const { check } = constraintsOf(shape, family)
  const read = textReader(shape, member.timestampFormat ?? shape.timestampFormat ?? format)
  return (text, cursor) => {
    const value = read(text, cursor, 1)
    check(value, cursor, 1)
    return value
  }
}

function listOfParameters(model: Model, family: Family, wire: string, shape: ListShape): BoundMember['read'] {
  const read = itemReader(model, shape)
  const { check } = constraintsOf(shape, family)
  return ({ query }, cursor) => {
    const sent = query.get(wire)
    if (sent === undefined) return undefined
    const value = sent.map((text) => read(text, cursor))
    check(value, cursor, 1)
    return value
  }
}

function headerReader(model: Model, family: Family, wire: string, member: Member): BoundMember['read'] {
  const shape = shapeOf(model, member.shape)
  if (shape.type === 'list') {
    const read = itemReader(model, shape)
    const { check } = constraintsOf(shape, family)
    return ({ headers }, cursor) => {
      const sent = headers[wire]
      if (sent === undefined) return undefined
      const value = sent.split(',').map((text) => read(text.trim(), cursor))
      check(value, cursor, 1)
      return value
    }
  }
  const read = valueReader(model, family, member, 'rfc822')
  return ({ headers }, cursor) => {
    const sent = headers[wire]
    return sent === undefined ? undefined : read(sent, cursor)
  }
}

function itemReader(model: Model, { member }: ListShape): ValueRead {
  const read = textReader(shapeOf(model, member.shape) as SimpleShape, 'iso8601')
  return (text, cursor) => read(text, cursor, 1)
}

/** Headers whose names begin with `prefix`, by the rest of their names; `undefined`: there is none. */
function prefixed(headers: RequestHead['headers'], prefix: string): Record<string, string> | undefined {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const rest = name.slice(prefix.length)
    if (name.startsWith(prefix) && value !== undefined && rest !== '' && rest !== '__proto__') found[rest] = value
  }
  return Object.keys(found).length === 0 ? undefined : found
}

function decodeLabel(sent: string, cursor: Cursor): string {
  try {
    return decodeURIComponent(sent)
  } catch {
    return cursor.malformed(1, 'The path is malformed: its percent-encoding is not valid UTF-8')
  }
}

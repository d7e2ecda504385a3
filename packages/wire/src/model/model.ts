import type { Protocol } from '../request.ts'

/** The names below are those of AWS's own model files; see packages/wire/README.md. */
export interface Member {
  readonly shape: string
  /** Where REST carries it; left out: in the body. */
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode'
  readonly locationName?: string
  /** EC2's name of a parameter where it is not made from `locationName`. */
  readonly queryName?: string
  readonly timestampFormat?: TimestampFormat
  readonly sensitive?: boolean
  /** XML: the items of the list stand in its parent, without an element around them. */
  readonly flattened?: boolean
  readonly xmlAttribute?: boolean
  readonly xmlNamespace?: { readonly prefix?: string; readonly uri: string }
  /** The member's bytes are not held, but passed on as they come. */
  readonly streaming?: boolean
  /** The member is the payload of its event. */
  readonly eventpayload?: boolean
}

export type TimestampFormat = 'iso8601' | 'unixTimestamp' | 'rfc822'
export type SimpleType = 'string' | 'boolean' | 'integer' | 'long' | 'float' | 'double' | 'timestamp' | 'blob'

export interface SimpleShape {
  readonly type: SimpleType
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly sensitive?: boolean
  readonly timestampFormat?: TimestampFormat
}
export interface StructureShape {
  readonly type: 'structure'
  readonly members: Readonly<Record<string, Member>>
  readonly required?: readonly string[]
  readonly union?: boolean
  readonly eventstream?: boolean
  readonly exception?: boolean
  readonly fault?: boolean
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number; readonly senderFault?: boolean }
  readonly sensitive?: boolean
  /** REST: the member that is the body. */
  readonly payload?: string
  readonly xmlNamespace?: { readonly prefix?: string; readonly uri: string }
  /** Any JSON value. */
  readonly document?: boolean
}
export interface ListShape {
  readonly type: 'list'
  readonly member: Member
  readonly min?: number
  readonly max?: number
  readonly sensitive?: boolean
  readonly flattened?: boolean
}
export interface MapShape {
  readonly type: 'map'
  readonly key: Member
  readonly value: Member
  readonly min?: number
  readonly max?: number
  readonly sensitive?: boolean
  readonly flattened?: boolean
}
export type Shape = SimpleShape | StructureShape | ListShape | MapShape

export interface Operation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number }
  readonly input?: string
  /** The root element of an XML body that is the input itself. */
  readonly inputRoot?: string
  readonly output?: string
  readonly resultWrapper?: string
  readonly errors?: readonly string[]
  readonly authtype?: 'none' | 'v4-unsigned-body'
  readonly endpoint?: { readonly hostPrefix: string }
  /** The body must come with a checksum. */
  readonly checksumRequired?: boolean
}

/** A file of packages/wire/models. */
export interface Model {
  readonly service: string
  readonly apiVersion: string
  /** Every protocol that the service speaks, its own first. */
  readonly protocols: readonly [Protocol, ...Protocol[]]
  readonly signingName: string
  readonly targetPrefix?: string
  readonly xmlNamespace?: string
  /** Errors also carry their code of the Query protocol. */
  readonly queryCompatible?: boolean
  readonly operations: Readonly<Record<string, Operation>>
  readonly shapes: Readonly<Record<string, Shape>>
}

/** @throws Error when the model refers to a shape it does not have, which the generator rules out. */
export function shapeOf(model: Model, name: string): Shape {
  const shape = model.shapes[name]
  if (shape === undefined) throw new Error(`the model of ${model.service} has no shape ${name}`)
  return shape
}

/** @throws Error when `name` is not a structure. */
export function structureOf(model: Model, name: string): StructureShape {
  const shape = shapeOf(model, name)
  if (shape.type !== 'structure')
    throw new Error(`the shape ${name} of ${model.service} is a ${shape.type}, not a structure`)
  return shape
}

/** @throws Error when the service has no such operation. */
export function operationOf(model: Model, name: string): Operation {
  const operation = Object.hasOwn(model.operations, name) ? model.operations[name] : undefined
  if (operation === undefined) throw new Error(`${model.service} has no operation ${name}`)
  return operation
}

/** Whether `text` is safe and short enough to be an operation's name at all. */
export const hasOperation = (model: Model, name: string): boolean => Object.hasOwn(model.operations, name)

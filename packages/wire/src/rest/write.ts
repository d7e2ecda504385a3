import {
  type Member,
  type Model,
  type Operation,
  type SimpleShape,
  type StructureShape,
  shapeOf,
  structureOf,
} from '../model/model.ts'
import type { OutputWrite } from '../protocols/protocol.ts'
import type { ByteStream, Reply } from '../request.ts'
import { simpleXmlWriter } from '../xml/write.ts'

/** Whoever says which range it is answers part of it; no model has a word about this status. */
const PARTIAL_CONTENT = 206

type BodyWrite = (value: object) => string
/** How a REST protocol writes what stands in the body. */
export interface RestAnswers {
  readonly contentType: string
  readonly headers: (requestId: string) => Record<string, string>
  /** Members that have no other place. */
  readonly members: (shape: StructureShape, only: (name: string) => boolean) => BodyWrite
  /** The one member, a structure, that is the whole body. */
  readonly payload: (member: Member) => BodyWrite
  /** The body of an operation that answers nothing. */
  readonly nothing: string
}

/** The writer of one operation's output: headers by their bindings, the rest in the body. */
export function compileRestWriter(model: Model, { output, http }: Operation, answers: RestAnswers): OutputWrite {
  const status = http.responseCode ?? 200
  const shape = output === undefined ? undefined : structureOf(model, output)
  const writeHeaders = shape === undefined ? () => {} : headerWriter(model, shape)
  const writeBody = shape === undefined ? () => answers.nothing : bodyWriter(model, shape, answers)
  const type = rawType(model, shape) ?? answers.contentType
  // No status has a body here but those; a browser or proxy takes one for the start of the next answer.
  const silent = status === 204 || http.method === 'HEAD'
  return (value, requestId) => {
    const headers = answers.headers(requestId)
    const body = silent ? '' : writeBody(value)
    if (body !== '' && type !== '') headers['content-type'] = type
    writeHeaders(value, headers)
    return { status: headers['content-range'] === undefined ? status : PARTIAL_CONTENT, headers, body }
  }
}

function bodyWriter(model: Model, shape: StructureShape, answers: RestAnswers): (value: object) => Reply['body'] {
  const { payload } = shape
  if (payload !== undefined) return payloadWriter(model, shape, payload, answers)
  const outside = new Set(
    Object.entries(shape.members).flatMap(([member, { location }]) => (location === undefined ? [] : [member])),
  )
  const total = Object.keys(shape.members).length
  if (total > 0 && outside.size === total) return () => answers.nothing
  return answers.members(shape, (member) => !outside.has(member))
}

function payloadWriter(
  model: Model,
  shape: StructureShape,
  payload: string,
  answers: RestAnswers,
): (value: object) => Reply['body'] {
  const member = shape.members[payload]
  if (member === undefined) throw new Error(`${model.service} has no member ${payload}, which is to be a body`)
  const pick = (value: object): unknown => (value as Readonly<Record<string, unknown>>)[payload]
  if (shapeOf(model, member.shape).type !== 'structure')
    return (value) => (pick(value) ?? '') as string | Uint8Array | ByteStream
  const write = answers.payload(member)
  return (value) => {
    const item = pick(value)
    return item === undefined || item === null ? '' : write(item)
  }
}

/** What a body is that is one member as it stands; text is a policy document everywhere. */
function rawType(model: Model, shape: StructureShape | undefined): string | undefined {
  const member = shape?.payload === undefined ? undefined : shape.members[shape.payload]
  const type = member === undefined ? undefined : shapeOf(model, member.shape).type
  // Who says itself what its body is, also says it by saying nothing.
  if (
    Object.values(shape?.members ?? {}).some(({ locationName = '' }) => locationName.toLowerCase() === 'content-type')
  )
    return ''
  return type === 'blob' ? 'application/octet-stream' : type === 'string' ? 'application/json' : undefined
}

type HeadersWrite = (value: object, headers: Record<string, string>) => void

function headerWriter(model: Model, shape: StructureShape): HeadersWrite {
  const writers = Object.entries(shape.members).flatMap(([name, member]) => {
    if (member.location === undefined) return []
    return [{ name, write: oneHeader(model, name, member) }]
  })
  return (value, headers) => {
    for (const { name, write } of writers) {
      const item = (value as Readonly<Record<string, unknown>>)[name]
      if (item !== undefined && item !== null) write(item, headers)
    }
  }
}

function oneHeader(
  model: Model,
  name: string,
  member: Member,
): (value: unknown, headers: Record<string, string>) => void {
  const wire = (member.locationName ?? name).toLowerCase()
  if (member.location === 'headers') {
    return (value, headers) => {
      for (const [key, text] of Object.entries(value as Readonly<Record<string, string>>))
        if (HEADER_NAME.test(key)) headers[`${wire}${key.toLowerCase()}`] = headerText(text)
    }
  }
  if (member.location !== 'header')
    throw new Error(`${model.service} binds ${name} to ${String(member.location)}, which rest/write.ts does not write`)
  const shape = shapeOf(model, member.shape)
  if (shape.type === 'list') {
    const write = simpleXmlWriter(shapeOf(model, shape.member.shape) as SimpleShape, 'rfc822')
    return (value, headers) => {
      headers[wire] = (value as readonly unknown[]).map((item) => headerText(write(item))).join(', ')
    }
  }
  if (shape.type === 'structure' || shape.type === 'map')
    throw new Error(`${model.service} binds a ${shape.type} to a header, which no protocol allows`)
  const write = simpleXmlWriter(shape, member.timestampFormat ?? shape.timestampFormat ?? 'rfc822')
  return (value, headers) => {
    headers[wire] = headerText(write(value))
  }
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const PRINTABLE = /^[\t\x20-\x7e]*$/

/** A header holds printable ASCII; other text is written as RFC 2047 has it, which is what S3 does with metadata. */
const headerText = (text: string): string =>
  PRINTABLE.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`

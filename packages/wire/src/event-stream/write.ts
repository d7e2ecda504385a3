import { type Member, type Model, type StructureShape, shapeOf, structureOf } from '../model/model.ts'
import type { OutputWrite } from '../protocols/protocol.ts'
import type { ByteStream } from '../request.ts'
import { encodeError, encodeEvent, encodeException, encodeInitialResponse } from './encode.ts'

/** The member of an output that is a stream of events, and the shape of these. */
export interface EventStream {
  readonly member: string
  readonly events: StructureShape
}

/** The event stream an output holds; `undefined`: none. */
export function eventStreamOf(model: Model, output: string | undefined): EventStream | undefined {
  if (output === undefined) return undefined
  for (const [member, { shape }] of Object.entries(structureOf(model, output).members)) {
    const events = shapeOf(model, shape)
    if (events.type === 'structure' && events.eventstream === true) return { member, events }
  }
  return undefined
}

/** How a protocol writes what an event carries. */
export interface EventPayloads {
  readonly contentType: string
  readonly headers: (requestId: string) => Record<string, string>
  /** Bytes of a structure, by the name of its shape. */
  readonly writer: (shape: string) => (value: object) => Uint8Array
  /** RPC protocols begin with a message for what stands beside the stream, which is nothing in our models. */
  readonly beginsWithResponse: boolean
}

/**
 * The writer of an answer whose body is a stream of events, each an object with one member, as a union. What the
 * stream throws ends it: as the modelled exception where it is one, else as an internal error that says no more.
 */
export function eventStreamReply(model: Model, { member, events }: EventStream, payloads: EventPayloads): OutputWrite {
  const writeEvent = eventWriter(model, events, payloads)
  const writeException = exceptionWriter(events, payloads)
  const first = payloads.beginsWithResponse ? encodeInitialResponse(payloads.contentType, EMPTY_OBJECT) : undefined
  return (output, requestId) => {
    const source = (output as Readonly<Record<string, unknown>>)[member] as AsyncIterable<object>
    return {
      status: 200,
      headers: { ...payloads.headers(requestId), 'content-type': 'application/vnd.amazon.eventstream' },
      body: frames(source, first, writeEvent, writeException),
    }
  }
}

const EMPTY_OBJECT = Buffer.from('{}')
const NO_PAYLOAD = new Uint8Array()

async function* frames(
  events: AsyncIterable<object>,
  first: Uint8Array | undefined,
  writeEvent: (event: object) => Uint8Array,
  writeException: (error: unknown) => Uint8Array,
): ByteStream {
  if (first !== undefined) yield first
  try {
    for await (const event of events) yield writeEvent(event)
  } catch (error) {
    yield writeException(error)
  }
}

function eventWriter(model: Model, events: StructureShape, payloads: EventPayloads): (event: object) => Uint8Array {
  const byName = new Map(
    Object.entries(events.members).map(([name, member]) => [name, payloadOf(model, member, payloads)]),
  )
  return (event) => {
    const [[name, value] = ['', undefined]] = Object.entries(event)
    const write = byName.get(name)
    if (write === undefined) throw new Error(`there is no event ${name} in the stream`)
    const { type, payload } = write(value as object)
    return encodeEvent(name, type, payload)
  }
}

interface Payload {
  readonly type: string
  readonly payload: Uint8Array
}

function payloadOf(
  model: Model,
  { shape }: Member,
  { contentType, writer }: EventPayloads,
): (event: object) => Payload {
  const { members } = structureOf(model, shape)
  const [name, marked] = Object.entries(members).find(([, { eventpayload }]) => eventpayload === true) ?? []
  if (name === undefined || marked === undefined) {
    if (Object.keys(members).length === 0) return () => ({ type: contentType, payload: NO_PAYLOAD })
    const write = writer(shape)
    return (event) => ({ type: contentType, payload: write(event) })
  }
  const pick = (event: object): unknown => (event as Readonly<Record<string, unknown>>)[name]
  if (shapeOf(model, marked.shape).type === 'blob')
    return (event) => ({ type: 'application/octet-stream', payload: (pick(event) ?? NO_PAYLOAD) as Uint8Array })
  const write = writer(marked.shape)
  return (event) => ({ type: contentType, payload: write(pick(event) ?? {}) })
}

/** An exception is looked for by the name of its shape: whatever else was thrown is a defect of ours and stays unsaid. */
function exceptionWriter(
  events: StructureShape,
  { contentType, writer }: EventPayloads,
): (error: unknown) => Uint8Array {
  const byShape = new Map(Object.entries(events.members).map(([name, { shape }]) => [shape, name]))
  return (error) => {
    const { code = '', message = '', members = {} } = error as { code?: string; message?: string; members?: object }
    const name = byShape.get(code)
    return name === undefined
      ? encodeError('InternalFailure', 'An internal error occurred.')
      : encodeException(name, contentType, writer(code)({ ...members, message }))
  }
}

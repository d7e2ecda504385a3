import { loadModel } from './model/load.ts'
import { type Model, type StructureShape, operationOf, shapeOf, structureOf } from './model/model.ts'
import { spelledInRecord } from './reading/names.ts'
import type { ServiceId } from './request.ts'

/**
 * A handler's input or output as CloudTrail spells it: REST members by their wire names, others with a small first
 * letter, S3's as S3 does; timestamps as ISO 8601 text, blobs as base64. Members the model does not have are left out.
 */
export function toWireNames(
  service: ServiceId,
  operation: string,
  side: 'input' | 'output',
  value: object,
): Record<string, unknown> {
  const model = loadModel(service)
  const name = operationOf(model, operation)[side]
  return name === undefined ? {} : structure(model, structureOf(model, name), value as Record<string, unknown>)
}

function structure(
  model: Model,
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const named: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members)) {
    const item = value[name]
    if (item !== undefined && item !== null)
      named[spelledInRecord(model.protocols[0], name, member)] = convert(model, member.shape, item)
  }
  return named
}

function convert(model: Model, name: string, value: unknown): unknown {
  const shape = shapeOf(model, name)
  switch (shape.type) {
    case 'structure':
      if (shape.document === true) return value
      return shape.eventstream === true ? undefined : structure(model, shape, value as Record<string, unknown>)
    case 'list':
      return Array.from(value as Iterable<unknown>, (item) => convert(model, shape.member.shape, item))
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, convert(model, shape.value.shape, item)]),
      )
    case 'timestamp':
      return new Date(value as number).toISOString()
    case 'blob':
      // What is streamed is passed on once, and never recorded.
      return !(value instanceof Uint8Array) ? undefined : Buffer.from(value).toString('base64')
    default:
      return value
  }
}

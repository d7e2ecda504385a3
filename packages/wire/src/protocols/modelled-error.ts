import type { Fault } from '../fault.ts'
import { loadModel } from '../model/load.ts'
import type { Model, StructureShape } from '../model/model.ts'
import type { FaultTarget } from '../request.ts'

const MESSAGE = /^message$/i

/** A fault together with the error shape that its code means. */
export interface ModelledError {
  readonly model: Model
  /** The shape's name, which JSON and CBOR call the error by. */
  readonly name: string
  /** What the Query protocol calls it by. */
  readonly queryCode: string
  readonly shape: StructureShape
  /** Members of the fault beside its message; some may not be in the shape. */
  readonly members: Readonly<Record<string, unknown>>
}

/** The error shape a fault's code means, by the shape's name or by its Query code; `undefined`: none is modelled. */
export function modelledError({ service }: FaultTarget, { code, members = {} }: Fault): ModelledError | undefined {
  if (service === undefined) return undefined
  const model = loadModel(service)
  const found = errorOf(model, code)
  if (found === undefined) return undefined
  const beside = Object.entries(members).filter(([name]) => !MESSAGE.test(name))
  return {
    model,
    ...found,
    queryCode: found.shape.error?.code ?? found.name,
    members: Object.fromEntries(beside),
  }
}

/** How the Query protocol calls the error of a fault. */
export const queryCodeOf = (target: FaultTarget, fault: Fault): string =>
  modelledError(target, fault)?.queryCode ?? fault.code

function errorOf(model: Model, code: string): { readonly name: string; readonly shape: StructureShape } | undefined {
  const direct = Object.hasOwn(model.shapes, code) ? model.shapes[code] : undefined
  if (direct?.type === 'structure' && direct.exception === true) return { name: code, shape: direct }
  for (const [name, shape] of Object.entries(model.shapes)) {
    if (shape.type === 'structure' && shape.exception === true && shape.error?.code === code) return { name, shape }
  }
  return undefined
}

import { eventStreamOf } from './event-stream/write.ts'
import { loadModel } from './model/load.ts'
import { type Model, type Operation, hasOperation, structureOf } from './model/model.ts'
import type { Protocol, ServiceId } from './request.ts'

/** What others may ask about a service's model. */
export interface ServiceModel {
  /** The service's name in credential scopes. */
  readonly signingName: string
  readonly apiVersion: string
  /** Every protocol that the service speaks, its own first. */
  readonly protocols: readonly [Protocol, ...Protocol[]]
  readonly operations: readonly string[]
  /** Whether the operation is called without a signature, e.g. AssumeRoleWithWebIdentity. Unknown operations are not. */
  isOptionalAuth(operation: string): boolean
  /** Whether the operation answers with a stream of events. */
  isEventStream(operation: string): boolean
  /** Whether the operation takes its body as a stream, which is then not held. */
  isStreamed(operation: string): boolean
  /** Whether a body must come with a checksum. */
  needsChecksum(operation: string): boolean
}

const made = new Map<ServiceId, ServiceModel>()

export function serviceModel(service: ServiceId): ServiceModel {
  const known = made.get(service)
  if (known !== undefined) return known
  const model = loadModel(service)
  const { signingName, apiVersion, protocols, operations } = model
  const streamed = streamedOperations(model)
  const view: ServiceModel = {
    signingName,
    apiVersion,
    protocols,
    operations: Object.keys(operations),
    isOptionalAuth: (name) => operationIn(model, name)?.authtype === 'none',
    isEventStream: (name) => eventStreamOf(model, operationIn(model, name)?.output) !== undefined,
    isStreamed: (name) => streamed.has(name),
    needsChecksum: (name) => operationIn(model, name)?.checksumRequired === true,
  }
  made.set(service, view)
  return view
}

const operationIn = (model: Model, name: string): Operation | undefined =>
  hasOperation(model, name) ? model.operations[name] : undefined

function streamedOperations(model: Model): ReadonlySet<string> {
  const takesStream = ({ input }: Operation): boolean =>
    input !== undefined && Object.values(structureOf(model, input).members).some(({ streaming }) => streaming === true)
  return new Set(
    Object.entries(model.operations).flatMap(([name, operation]) => (takesStream(operation) ? [name] : [])),
  )
}

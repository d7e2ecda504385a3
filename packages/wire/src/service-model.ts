import { loadModel } from './model/load.ts'
import { hasOperation } from './model/model.ts'
import type { Protocol, ServiceId } from './request.ts'

/** What others may ask about a service's model. */
export interface ServiceModel {
  /** The service's name in credential scopes. */
  readonly signingName: string
  readonly apiVersion: string
  readonly protocol: Protocol
  readonly operations: readonly string[]
  /** Whether the operation is called without a signature, e.g. AssumeRoleWithWebIdentity. Unknown operations are not. */
  isOptionalAuth(operation: string): boolean
  /** Whether the operation answers with an event stream, which `writeOutput` does not write. */
  isEventStream(operation: string): boolean
}

const made = new Map<ServiceId, ServiceModel>()

export function serviceModel(service: ServiceId): ServiceModel {
  const known = made.get(service)
  if (known !== undefined) return known
  const model = loadModel(service)
  const { signingName, apiVersion, protocol, operations, shapes } = model
  const view: ServiceModel = {
    signingName,
    apiVersion,
    protocol,
    operations: Object.keys(operations),
    isOptionalAuth: (name) => hasOperation(model, name) && operations[name]?.authtype === 'none',
    isEventStream(name) {
      const output = shapes[(hasOperation(model, name) ? operations[name]?.output : undefined) ?? '']
      if (output?.type !== 'structure') return false
      return Object.values(output.members).some(({ shape }) => {
        const member = shapes[shape]
        return member?.type === 'structure' && member.eventstream === true
      })
    },
  }
  made.set(service, view)
  return view
}

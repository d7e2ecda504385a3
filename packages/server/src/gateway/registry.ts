import { type Apis, type ServiceId, serviceModel } from '@sluice/wire'
import type { Handler } from '#kernel/call.ts'
import type { OperationAccess, Service } from '#kernel/service.ts'

/** Every service of the platform. */
export type Services = { readonly [S in ServiceId]: Service<S> }

/** An operation that was built, with its types forgotten: the model is what guarantees them from here on. */
export interface BuiltOperation {
  readonly handler: Handler<object, object>
  readonly access: OperationAccess<object>
  readonly secrets: readonly string[]
}

export interface Registry {
  readonly services: Services
  /** `undefined`: the operation is in the model but not built. */
  find(service: ServiceId, operation: string): BuiltOperation | undefined
}

/**
 * Checks the services against their models, so that a misspelt operation cannot go unnoticed.
 * @throws Error naming every operation that is not in the model, or that has a handler or an access entry only
 */
export function openRegistry(services: Services): Registry {
  const built = new Map<string, BuiltOperation>()
  const faults: string[] = []
  for (const name of Object.keys(services) as ServiceId[]) {
    const service = untyped(services[name])
    const modelled = new Set<string>(serviceModel(name).operations)
    for (const operation of new Set([...Object.keys(service.operations), ...Object.keys(service.access)])) {
      const handler = service.operations[operation]
      const access = service.access[operation]
      if (!modelled.has(operation)) faults.push(`${name} ${operation} is not in the model`)
      else if (handler === undefined) faults.push(`${name} ${operation} has an access entry but no handler`)
      else if (access === undefined) faults.push(`${name} ${operation} has a handler but no access entry`)
      else built.set(`${name}.${operation}`, { handler, access, secrets: service.secrets[operation] ?? [] })
    }
  }
  if (faults.length > 0) throw new Error(`the services do not fit their models: ${faults.join('; ')}`)
  return { services, find: (service, operation) => built.get(`${service}.${operation}`) }
}

interface UntypedService {
  readonly operations: Readonly<Record<string, Handler<object, object>>>
  readonly access: Readonly<Record<string, OperationAccess<object>>>
  readonly secrets: Readonly<Record<string, readonly string[]>>
}

// The one place where an operation loses its types: dispatch is by name, and the reader compiled from the same model
// has checked the input by then.
const untyped = <S extends keyof Apis>(service: Service<S>): UntypedService => service as unknown as UntypedService

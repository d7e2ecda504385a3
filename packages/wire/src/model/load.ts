import { readFileSync } from 'node:fs'
import type { Protocol, ServiceId } from '../request.ts'
import { CATALOG } from '../types/catalog.ts'
import type { Model } from './model.ts'

const loaded = new Map<ServiceId, Model>()

export const SERVICE_IDS = Object.keys(CATALOG) as readonly ServiceId[]

/** The model of a service, read from its file on first use. */
export function loadModel(service: ServiceId): Model {
  const known = loaded.get(service)
  if (known !== undefined) return known
  const model = JSON.parse(readFileSync(new URL(`../../models/${service}.json`, import.meta.url), 'utf8')) as Model
  loaded.set(service, model)
  return model
}

/** An operation in one of the protocols that its service speaks. */
export interface Spoken {
  readonly service: ServiceId
  readonly operation: string
  readonly protocol: Protocol
}

/** A function whose result is made once per service, operation and protocol; `make` is called on first use. */
export function perOperation<T>(
  make: (model: Model, operation: string, protocol: Protocol) => T,
): (spoken: Spoken) => T {
  const made = new Map<string, T>()
  // Calls come in runs of the same operation; making and looking up a key costs as much as reading a small body.
  let last: (Spoken & { readonly value: T }) | undefined
  return ({ service, operation, protocol }) => {
    if (last?.operation === operation && last.service === service && last.protocol === protocol) return last.value
    const value = valueOf(service, operation, protocol)
    last = { service, operation, protocol, value }
    return value
  }

  function valueOf(service: ServiceId, operation: string, protocol: Protocol): T {
    const key = `${service} ${operation} ${protocol}`
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(loadModel(service), operation, protocol)
    made.set(key, value)
    return value
  }
}

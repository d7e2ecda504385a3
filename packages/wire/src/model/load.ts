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
  return ({ service, operation, protocol }) => {
    const key = `${service} ${operation} ${protocol}`
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(loadModel(service), operation, protocol)
    made.set(key, value)
    return value
  }
}

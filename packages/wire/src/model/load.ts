import { readFileSync } from 'node:fs'
import type { ServiceId } from '../request.ts'
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

/** A function whose result is made once per service and operation; `make` is called on first use. */
export function perOperation<T>(
  make: (model: Model, operation: string) => T,
): (service: ServiceId, operation: string) => T {
  const made = new Map<string, T>()
  return (service, operation) => {
    const key = `${service} ${operation}`
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(loadModel(service), operation)
    made.set(key, value)
    return value
  }
}

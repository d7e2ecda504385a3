import type { ContextValue } from '@sluice/policy'
import { isIP } from 'node:net'
import type { OperationInput } from '#kernel/call.ts'
import { iamErrors } from '#services/iam/errors.ts'

type ContextEntry = NonNullable<OperationInput<'iam', 'SimulateCustomPolicy'>['ContextEntries']>[number]

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const EPOCH = /^\d+(?:\.\d+)?$/

/** What a value of each type looks like. */
const READABLE: Readonly<Record<string, (value: string) => boolean>> = {
  string: () => true,
  numeric: (value) => NUMBER.test(value),
  boolean: (value) => /^(?:true|false)$/i.test(value),
  ip: (value) => isIP(value.replace(/\/\d{1,3}$/, '')) !== 0,
  binary: (value) => BASE64.test(value),
  date: (value) => EPOCH.test(value) || !Number.isNaN(Date.parse(value)),
}

/**
 * The condition keys of a simulation: a list type makes a multi-valued key.
 * @throws AwsError InvalidInput for a key without name, given twice, with values that are not of its type, or with several
 * values of a type that takes one
 */
export function simulatedContext(entries: readonly ContextEntry[] = []): Readonly<Record<string, ContextValue>> {
  const byName = new Map<string, readonly [string, ContextValue]>()
  for (const { ContextKeyName: key, ContextKeyType: type = 'string', ContextKeyValues: values = [] } of entries) {
    if (key === undefined) throw iamErrors.badContextEntry('', 'it has no ContextKeyName')
    if (byName.has(key.toLowerCase())) throw iamErrors.badContextEntry(key, 'the key is given twice')
    byName.set(key.toLowerCase(), [key, valueOf(key, type, values)])
  }
  return Object.fromEntries(byName.values())
}

function valueOf(key: string, type: string, values: readonly string[]): ContextValue {
  const isList = type.endsWith('List')
  const isReadable = READABLE[isList ? type.slice(0, -'List'.length) : type]
  const odd = values.find((value) => isReadable?.(value) !== true)
  if (odd !== undefined) throw iamErrors.badContextEntry(key, `"${odd}" is no value of type ${type}`)
  if (isList) return values
  const [value, ...more] = values
  if (value === undefined || more.length > 0) throw iamErrors.badContextEntry(key, `type ${type} takes one value`)
  return value
}

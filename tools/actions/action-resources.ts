import { join } from 'node:path'
import { ROOT } from '../run.ts'
import { type ActionTable, PREFIXES } from './table.ts'

export const ACTION_RESOURCES_FILE: string = join(ROOT, 'packages/server/src/services/iam/action-resources.json')

/** What simulations print: for each service its ARN patterns, and for each action with resources their places there. */
export function printActionResources(table: ActionTable): string {
  const services = PREFIXES.map((prefix) => {
    const { resources, actions } = table[prefix]
    const names = Object.keys(resources)
    const placed = Object.entries(actions).flatMap(([action, { resources: types = [] }]) => {
      const places = types.map((type) => names.indexOf(type.replace('*', ''))).filter((place) => place !== -1)
      return places.length === 0 ? [] : [[action.toLowerCase(), places] as const]
    })
    const entry = { patterns: Object.values(resources), actions: Object.fromEntries(placed) }
    return `${JSON.stringify(prefix)}:${JSON.stringify(entry)}`
  })
  return `{\n${services.join(',\n')}\n}\n`
}

import { readFileSync } from 'node:fs'
import { compileGlob, matchGlob } from '@sluice/policy'

/** Service prefix → ARN patterns, and for each action that has resources the patterns' places in that list. */
type Table = Readonly<
  Record<
    string,
    { readonly patterns: readonly string[]; readonly actions: Readonly<Record<string, readonly number[]>> }
  >
>

let loaded: Table | undefined

function table(): Table {
  loaded ??= JSON.parse(readFileSync(new URL('action-resources.json', import.meta.url), 'utf8')) as Table
  return loaded
}

/**
 * The ARN pattern of what an action is about, e.g. `arn:${Partition}:mq:${Region}:${Account}:broker:${BrokerName}:${BrokerId}`:
 * the first that fits one of the resources, or else the action's first. `*` for an action without resources, or one that
 * is not known.
 */
export function actionTemplate(action: string, resources: readonly string[]): string {
  const [prefix = '', name = ''] = action.toLowerCase().split(':')
  const service = Object.hasOwn(table(), prefix) ? table()[prefix] : undefined
  const places = service !== undefined && Object.hasOwn(service.actions, name) ? service.actions[name] : undefined
  const patterns = (places ?? []).flatMap((place) => service?.patterns[place] ?? [])
  return patterns.find((pattern) => resources.some((resource) => fits(pattern, resource))) ?? patterns[0] ?? '*'
}

const fits = (pattern: string, resource: string): boolean =>
  matchGlob(compileGlob(pattern.replaceAll(/\$\{[^}]*\}/g, '*')), resource)

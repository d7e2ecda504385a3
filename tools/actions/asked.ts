import { decide, parsePolicy } from '@sluice/policy'
import { PREFIXES, type Prefix, committedTable } from './table.ts'

const table = committedTable()

/** Whether AWS's list has an action. */
export function exists(action: string): boolean {
  const [prefix = '', name = ''] = action.split(':')
  const service = PREFIXES.find((known) => known === prefix)
  return service !== undefined && Object.hasOwn(table[service].actions, name)
}

/** How services write that an action has no resource, where recorded denials do not print `*`. */
const NO_RESOURCE: Readonly<Partial<Record<Prefix, string>>> = {
  logs: 'arn:aws:logs:us-east-1:111122223333:log-group::log-stream:',
}

/** Whether a resource is of a kind that the action has; an action without any is asked on everything. */
export function fits(action: string, resource: string): boolean {
  const [prefix = '', name = ''] = action.split(':')
  const service = PREFIXES.find((known) => known === prefix)
  if (service === undefined) return false
  const types = table[service].actions[name]?.resources
  if (types === undefined) return resource === '*' || NO_RESOURCE[service] === resource
  const kinds = types.map((type) => table[service].resources[type.replace('*', '')]?.replaceAll(/\$\{[^}]*\}/g, '*'))
  const policy = parsePolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: kinds }] }),
    'identity',
  )
  const asked = {
    principal: { kind: 'user', account: '111122223333', arn: 'arn:aws:iam::111122223333:user/bob' },
    action,
    resource,
    resourceAccount: '111122223333',
    context: {},
  } as const
  return decide(asked, { identity: [{ name: 'kinds', policy }], resource: [] }).allowed
}

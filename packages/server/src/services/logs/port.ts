import type { Tag } from '#kernel/principal.ts'
import type { AccessCheck, AccessScope, AttachedPolicy } from '#kernel/service.ts'
import { groupOfStreamArn, parseNamedArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'

/** The only actions that resource policies of CloudWatch Logs speak about. */
const POLICY_ACTIONS: ReadonlySet<string> = new Set(['logs:CreateLogStream', 'logs:PutLogEvents'])

/**
 * Resource policies count for service principals only, and only for creating streams and putting events: those of the
 * account and region, and the one of the log group. Users, roles and root are neither helped nor hurt by them.
 * The policy of a destination speaks of everyone who puts a filter that sends to it, that of a delivery destination of
 * everyone who delivers to it.
 */
export const logsResourcePolicies =
  (parts: Pick<LogsParts, 'groups' | 'policies' | 'destinations' | 'deliveries'>) =>
  async (check: AccessCheck, scope: AccessScope): Promise<readonly AttachedPolicy[]> => {
    const named = parseNamedArn(check.resource)
    if (named?.kind === 'destination') return parts.destinations.attached(named, named.name)
    if (named?.kind === 'delivery-destination') return parts.deliveries.attached(named, named.name)
    if (scope.principal.kind !== 'service' || !POLICY_ACTIONS.has(check.action)) return []
    const name = groupOfStreamArn(check.resource)
    const group = name === undefined ? undefined : await parts.groups.find(scope, name)
    return parts.policies.attached(scope, group)
  }

/** A stream has the tags of its group. Actions on groups give them with their checks. */
export const logsResourceTags =
  ({ groups, taggedThings }: Pick<LogsParts, 'groups' | 'taggedThings'>) =>
  async (check: AccessCheck, scope: AccessScope): Promise<readonly Tag[]> => {
    const named = parseNamedArn(check.resource)
    const group = groupOfStreamArn(check.resource)
    const thing = named && (await taggedThings[named.kind].records.find(named, named.name))
    const tagged = group === undefined ? thing : await groups.find(scope, group)
    return Object.entries(tagged?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
  }

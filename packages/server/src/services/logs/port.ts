import type { Tag } from '#kernel/principal.ts'
import type { AccessCheck, AccessScope, AttachedPolicy } from '#kernel/service.ts'
import { groupOfStreamArn, parseDestinationArn } from '#services/logs/arns.ts'
import type { Groups } from '#services/logs/catalog/groups.ts'
import type { Destinations } from '#services/logs/subscriptions/destinations.ts'
import type { ResourcePolicies } from '#services/logs/policies/resource-policies.ts'

/** The only actions that resource policies of CloudWatch Logs speak about. */
const POLICY_ACTIONS: ReadonlySet<string> = new Set(['logs:CreateLogStream', 'logs:PutLogEvents'])

/**
 * Resource policies count for service principals only, and only for creating streams and putting events: those of the
 * account and region, and the one of the log group. Users, roles and root are neither helped nor hurt by them.
 * The policy of a destination speaks of everyone who puts a filter that sends to it.
 */
export const logsResourcePolicies =
  (parts: { readonly groups: Groups; readonly policies: ResourcePolicies; readonly destinations: Destinations }) =>
  async (check: AccessCheck, scope: AccessScope): Promise<readonly AttachedPolicy[]> => {
    const destination = parseDestinationArn(check.resource)
    if (destination !== undefined) return parts.destinations.attached(destination, destination.name)
    if (scope.principal.kind !== 'service' || !POLICY_ACTIONS.has(check.action)) return []
    const name = groupOfStreamArn(check.resource)
    const group = name === undefined ? undefined : await parts.groups.find(scope, name)
    return parts.policies.attached(scope, group)
  }

/** A stream has the tags of its group. Actions on groups give them with their checks. */
export const logsResourceTags =
  ({ groups }: { readonly groups: Groups }) =>
  async (check: AccessCheck, scope: AccessScope): Promise<readonly Tag[]> => {
    const name = groupOfStreamArn(check.resource)
    const group = name === undefined ? undefined : await groups.find(scope, name)
    return Object.entries(group?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
  }

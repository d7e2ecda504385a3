import { isAccountId } from '#kernel/ids.ts'
import type { AccessCheck, AccessScope, OperationAccess } from '#kernel/service.ts'
import { type Kind, check, kindOf, requestTags } from '#services/logs/access/checks.ts'
import { type NamedKind, namedArn, parseNamedArn } from '#services/logs/arns.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsOfResource } from '#services/logs/deliveries/vended-logs.ts'
import type { LogsInput } from '#services/logs/types.ts'

export type DeliveryParts = Pick<LogsParts, 'deliveries' | 'vendedLogs'>

/** On one source, destination or delivery, by the member that names it. */
export const onNamed = <Member extends string>(
  operation: string,
  kind: NamedKind,
  member: Member,
  access: Kind = {},
): OperationAccess<Readonly<Record<Member, string>>> => ({
  ...kindOf(access),
  checks: (input, scope) => [check(operation, namedArn(kind, scope, input[member]))],
})

/** Whoever makes a resource a source must be allowed to have its logs delivered. */
export const putSourceChecks =
  ({ vendedLogs }: DeliveryParts) =>
  ({ name, resourceArn, tags }: LogsInput<'PutDeliverySource'>, scope: AccessScope): readonly AccessCheck[] => {
    const context = { ...requestTags(tags, undefined), 'logs:LogGeneratingResourceArns': [resourceArn] }
    const actions = logsOfResource(vendedLogs, resourceArn).map(
      (log) => log.allowedActionForAllowVendedLogsDeliveryForResource,
    )
    return [
      check('PutDeliverySource', namedArn('delivery-source', scope, name), context),
      ...[...new Set(actions)].map((action) => ({ action, resource: resourceArn })),
    ]
  }

export const putDeliveryDestinationChecks = (
  { name, deliveryDestinationConfiguration: configuration, tags }: LogsInput<'PutDeliveryDestination'>,
  scope: AccessScope,
): readonly AccessCheck[] => {
  const resource = configuration && { 'logs:DeliveryDestinationResourceArn': configuration.destinationResourceArn }
  const context = { ...requestTags(tags, undefined), ...resource }
  return [check('PutDeliveryDestination', namedArn('delivery-destination', scope, name), context)]
}

/** On the source, on a delivery whose id nobody knows yet, and on the destination; the policy of a foreign one decides as well. */
export const createDeliveryChecks = (
  { deliverySourceName, deliveryDestinationArn, tags }: LogsInput<'CreateDelivery'>,
  scope: AccessScope,
): readonly AccessCheck[] => {
  const context = requestTags(tags, undefined)
  const { account = '' } = parseNamedArn(deliveryDestinationArn) ?? {}
  const owner = isAccountId(account) ? { resourceAccount: account } : {}
  return [
    check('CreateDelivery', namedArn('delivery-source', scope, deliverySourceName), context),
    check('CreateDelivery', namedArn('delivery', scope, '*'), context),
    { ...check('CreateDelivery', deliveryDestinationArn, context), ...owner },
  ]
}

/** On the delivery and both its ends, as far as it is there. */
export const updateDeliveryChecks =
  ({ deliveries }: DeliveryParts) =>
  async ({ id }: LogsInput<'UpdateDeliveryConfiguration'>, scope: AccessScope): Promise<readonly AccessCheck[]> => {
    const operation = 'UpdateDeliveryConfiguration'
    const delivery = await deliveries.joined.find(scope, id)
    const own = check(operation, namedArn('delivery', scope, id))
    if (delivery === undefined) return [own]
    const { sourceName, destination } = delivery
    const owner = isAccountId(destination.account) ? { resourceAccount: destination.account } : {}
    return [
      own,
      check(operation, namedArn('delivery-source', scope, sourceName)),
      { ...check(operation, namedArn('delivery-destination', destination, destination.name)), ...owner },
    ]
  }

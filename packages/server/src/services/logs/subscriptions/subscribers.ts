import type { AccountPolicies } from '#services/logs/accounts/account-policies.ts'
import { type SubscriptionPolicy, readSubscriptionPolicy } from '#services/logs/accounts/subscription-policy.ts'
import { groupArn, parseDestinationArn } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { criteriaHold, parseSelectionCriteria } from '#services/logs/criteria/selection-criteria.ts'
import { type Matcher, compileFilterPattern } from '#services/logs/patterns/evaluate.ts'
import type { Destinations } from '#services/logs/subscriptions/destinations.ts'
import type { SubscriptionFilters } from '#services/logs/subscriptions/subscription-filters.ts'
import type { SubscriptionRoute } from '#services/logs/subscriptions/target.ts'

/** Who gets events of a group. */
export interface Subscriber {
  readonly filterName: string
  readonly matcher: Matcher
  readonly route: SubscriptionRoute
  readonly ofAccount: boolean
}

export interface SubscriberDeps {
  readonly subscriptionFilters: SubscriptionFilters
  readonly destinations: Destinations
  readonly accountPolicies: AccountPolicies
}

/** Whether a group may have subscribers; costs less than to get them. */
export async function hasSubscribers({ accountPolicies }: SubscriberDeps, group: LogGroup): Promise<boolean> {
  if ((group.subscriptionFilterCount ?? 0) > 0) return true
  const policy = await accountPolicies.ofType(group.place, 'SUBSCRIPTION_FILTER_POLICY')
  return policy !== undefined && isSelected(group, policy.selectionCriteria)
}

/** The subscribers of a group as they are now. A destination that is gone has none. */
export async function subscribersOf(deps: SubscriberDeps, group: LogGroup): Promise<readonly Subscriber[]> {
  const subscribers: Subscriber[] = []
  for (const filter of await deps.subscriptionFilters.ofGroup(group)) {
    const own = parseDestinationArn(filter.destinationArn)
    const destination = own && (await deps.destinations.find(own, own.name))
    if (own !== undefined && destination === undefined) continue
    const roleArn = destination?.roleArn ?? filter.roleArn
    subscribers.push({
      filterName: filter.name,
      matcher: compileFilterPattern(filter.pattern),
      route: routeOf(group, destination?.targetArn ?? filter.destinationArn, roleArn, filter.distribution),
      ofAccount: false,
    })
  }
  const policy = await deps.accountPolicies.ofType(group.place, 'SUBSCRIPTION_FILTER_POLICY')
  if (policy === undefined || !isSelected(group, policy.selectionCriteria)) return subscribers
  const { DestinationArn, RoleArn, FilterPattern, Distribution }: SubscriptionPolicy = readSubscriptionPolicy(
    policy.document,
  )
  const route = routeOf(group, DestinationArn, RoleArn, Distribution ?? 'ByLogStream')
  subscribers.push({ filterName: policy.name, matcher: compileFilterPattern(FilterPattern), route, ofAccount: true })
  return subscribers
}

const routeOf = (
  { place, name }: LogGroup,
  destinationArn: string,
  roleArn: string | undefined,
  distribution: SubscriptionRoute['distribution'],
): SubscriptionRoute => ({
  destinationArn,
  ...(roleArn === undefined ? {} : { roleArn }),
  sourceArn: groupArn(place, name),
  sourceAccount: place.account,
  region: place.region,
  distribution,
})

function isSelected({ name }: LogGroup, criteria: string | undefined): boolean {
  if (criteria === undefined) return true
  const parsed = parseSelectionCriteria(criteria, ['LogGroupName'])
  return parsed !== undefined && criteriaHold(parsed, { LogGroupName: name })
}

import { isAccountId } from '#kernel/ids.ts'
import { passRoleCheck } from '#kernel/pass-role.ts'
import type { AccessCheck, AccessScope, AuditResource, OperationAccess } from '#kernel/service.ts'
import {
  type ArnPlace,
  destinationArn as ownDestinationArn,
  groupArn,
  parseDestinationArn,
  parseGroupArn,
  streamArn,
} from '#services/logs/arns.ts'
import type { Groups } from '#services/logs/catalog/groups.ts'
import type { Tags } from '#services/logs/catalog/log-group.ts'
import { readProtectionPolicy } from '#services/logs/protection/document.ts'
import type { LogsInput } from '#services/logs/types.ts'

export type Kind = Partial<Pick<OperationAccess<never>, 'category' | 'readOnly'>>
type Context = NonNullable<AccessCheck['context']>

export const READ: Kind = { readOnly: true }
export const DATA: Kind = { category: 'data' }
export const READ_DATA: Kind = { category: 'data', readOnly: true }

/** How an input names a group; which member there is depends on the operation. */
export interface NamesGroup {
  readonly logGroupName?: string | undefined
  readonly logGroupIdentifier?: string | undefined
  readonly resourceArn?: string | undefined
}

export interface NamesKeyed {
  readonly logGroupName?: string | undefined
  readonly resourceIdentifier?: string | undefined
}

interface NamesStream extends NamesGroup {
  readonly logStreamName: string
  /** Whoever asks for what is masked needs the right to see it. */
  readonly unmask?: boolean | undefined
}

export interface TagsResource {
  readonly resourceArn: string
  readonly tags?: Tags
  readonly tagKeys?: readonly string[]
}

/** Nothing is awaited here: PutLogEvents comes through for every batch. */
export const onStream = (operation: string, kind: Kind = {}): OperationAccess<NamesStream> => ({
  ...kindOf(kind),
  checks: (input, scope) => {
    const { place, name } = groupOf(input, scope)
    const resource = streamArn(place, name, input.logStreamName)
    return input.unmask === true
      ? [check(operation, resource), check('Unmask', resource)]
      : [check(operation, resource)]
  },
  resources: (input, _output, scope) => groupResource(groupOf(input, scope).name),
})

export const onAccount =
  (operation: string) =>
  (_input: object, scope: AccessScope): readonly AccessCheck[] => [check(operation, streamArn(scope, '', ''))]

/** Actions for which AWS lists no resource. */
export const onEverything = (operation: string) => (): readonly AccessCheck[] => [check(operation, '*')]

/** Whoever names a role hands it to CloudWatch Logs, and must be allowed to pass it. */
const passRole = (roleArn: string | undefined): readonly AccessCheck[] =>
  roleArn === undefined ? [] : [passRoleCheck({ roleArn, service: 'logs.amazonaws.com' })]

/** A filter that sends to a destination needs the right to use it; the policy of a foreign one must give it as well. */
export function subscriptionChecks(
  { logGroupName, destinationArn, roleArn }: LogsInput<'PutSubscriptionFilter'>,
  scope: AccessScope,
): readonly AccessCheck[] {
  const onGroup = check('PutSubscriptionFilter', streamArn(scope, logGroupName, ''))
  const destination = parseDestinationArn(destinationArn)
  if (destination === undefined) return [onGroup, ...passRole(roleArn)]
  const owner = isAccountId(destination.account) ? { resourceAccount: destination.account } : {}
  return [onGroup, { ...check('PutSubscriptionFilter', destinationArn), ...owner }, ...passRole(roleArn)]
}

export const onDestination =
  (operation: string) =>
  ({ destinationName }: { readonly destinationName: string }, scope: AccessScope): readonly AccessCheck[] => [
    check(operation, ownDestinationArn(scope, destinationName)),
  ]

export const putDestinationChecks = (
  { destinationName, roleArn, tags }: LogsInput<'PutDestination'>,
  scope: AccessScope,
): readonly AccessCheck[] => [
  check('PutDestination', ownDestinationArn(scope, destinationName), requestTags(tags, undefined)),
  ...passRole(roleArn),
]

/** An account policy needs the right to do what it does for every group. */
const POLICY_RIGHTS = {
  DATA_PROTECTION_POLICY: 'DataProtectionPolicy',
  SUBSCRIPTION_FILTER_POLICY: 'SubscriptionFilter',
} as const

export const onAccountPolicy =
  (verb: 'Put' | 'Delete') =>
  (
    { policyType, policyDocument }: { readonly policyType: string; readonly policyDocument?: string },
    scope: AccessScope,
  ): readonly AccessCheck[] => {
    const account = onEverything(`${verb}AccountPolicy`)()
    if (policyType !== 'DATA_PROTECTION_POLICY' && policyType !== 'SUBSCRIPTION_FILTER_POLICY') return account
    const right = onAccount(`${verb}${POLICY_RIGHTS[policyType]}`)({}, scope)
    const role = policyType === 'SUBSCRIPTION_FILTER_POLICY' ? roleIn(policyDocument) : undefined
    const findings = policyType === 'DATA_PROTECTION_POLICY' ? findingsChecks(policyDocument, scope) : []
    return [...account, ...right, ...findings, ...passRole(role)]
  }

/** Findings are delivered to a group, which the caller must be allowed to arrange. */
export const findingsChecks = (document: string | undefined, scope: AccessScope): readonly AccessCheck[] =>
  hasFindings(document ?? '')
    ? [...onEverything('CreateLogDelivery')(), ...DELIVERY_RIGHTS.flatMap((right) => onAccount(right)({}, scope))]
    : []

const DELIVERY_RIGHTS = ['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups']

/** What the handler will refuse has none. */
function hasFindings(document: string): boolean {
  try {
    return readProtectionPolicy(document).findingsGroup !== undefined
  } catch {
    return false
  }
}

/** Whatever is no document has no role; the handler says what is wrong with it. */
function roleIn(document: string | undefined): string | undefined {
  try {
    const { RoleArn: role } = JSON.parse(document ?? '{}') as { readonly RoleArn?: unknown }
    return typeof role === 'string' ? role : undefined
  } catch {
    return undefined
  }
}

/** With a group it concerns that group, without one no group. */
export const onGroupOrAccount =
  (operation: string) =>
  (input: NamesGroup, scope: AccessScope): readonly AccessCheck[] => {
    const { place, name } = groupOf(input, scope)
    return [check(operation, streamArn(name === '' ? scope : place, name, ''))]
  }

/** A policy of the account concerns no group; one for a group concerns that group. */
export const onPolicyTarget =
  (operation: string) =>
  (input: { readonly resourceArn?: string | undefined }, scope: AccessScope): readonly AccessCheck[] => {
    const arn = input.resourceArn === undefined ? undefined : parseGroupArn(input.resourceArn)
    return arn ? [check(operation, streamArn(arn, arn.name, ''))] : onAccount(operation)(input, scope)
  }

/** Tags at creation need the right to tag as well. */
export function createGroupChecks(
  { logGroupName, tags = {} }: LogsInput<'CreateLogGroup'>,
  scope: AccessScope,
): readonly AccessCheck[] {
  // What is made with tags is judged as having them.
  const context = { ...requestTags(tags, undefined), ...prefixed('aws:ResourceTag/', tags) }
  const create = check('CreateLogGroup', streamArn(scope, logGroupName, ''), context)
  if (Object.keys(tags).length === 0) return [create]
  // @source a recorded denial
  const denialText = `User with accountId: ${scope.account} is not authorized to perform CreateLogGroup with Tags`
  return [create, { ...check('TagResource', groupArn(scope, logGroupName), context), denialText }]
}

export const kindOf = ({ category = 'management', readOnly = false }: Kind) => ({ category, readOnly })

export const check = (operation: string, resource: string, context?: Context): AccessCheck => ({
  action: `logs:${operation}`,
  resource,
  ...(context && Object.keys(context).length > 0 ? { context } : {}),
})

/** Whatever the input says, valid or not; the handler says what is wrong with it. */
export function groupOf(input: NamesGroup, scope: AccessScope): { readonly place: ArnPlace; readonly name: string } {
  const identifier = input.logGroupName ?? input.logGroupIdentifier ?? input.resourceArn ?? ''
  const arn = parseGroupArn(identifier)
  return arn ? { place: arn, name: arn.name } : { place: scope, name: identifier }
}

/** `aws:ResourceTag/…` of a group that exists here. */
export async function resourceTags(
  groups: Groups,
  place: ArnPlace,
  name: string,
  scope: AccessScope,
): Promise<Context> {
  if (place.account !== scope.account || place.region !== scope.region || name === '') return {}
  const group = await groups.find(scope, name)
  return prefixed('aws:ResourceTag/', group?.tags ?? {})
}

export function requestTags(tags: Tags | undefined, keys: readonly string[] | undefined): Context {
  const tagKeys = keys ?? Object.keys(tags ?? {})
  return { ...prefixed('aws:RequestTag/', tags ?? {}), ...(tagKeys.length > 0 ? { 'aws:TagKeys': tagKeys } : {}) }
}

const prefixed = (prefix: string, tags: Tags): Context =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]))

export const groupResource = (name: string): readonly AuditResource[] =>
  name === '' ? [] : [{ type: 'AWS::Logs::LogGroup', name }]

export const isList = (tags: Tags | readonly string[]): tags is readonly string[] => Array.isArray(tags)

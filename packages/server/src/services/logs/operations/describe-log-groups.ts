import { type LogsPlace, groupArn, groupArnWithStreams } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { collectPage, readToken } from '#services/logs/describe-page.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import { groupOfIdentifier } from '#services/logs/names.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'DescribeLogGroups'>
type Deps = Pick<LogsParts, 'groups' | 'journal' | 'tokens' | 'accountPolicies'>

/** By ascending ASCII order of names. A page may hold fewer groups than asked for and still have a token. */
export const describeLogGroups =
  ({ groups, journal, tokens, accountPolicies }: Deps): LogsHandler<'DescribeLogGroups'> =>
  async (input, ctx) => {
    checkFilters(input)
    const { nextToken, limit = DESCRIBE_PAGE, ...parameters } = input
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const after = readToken(tokens, 'DescribeLogGroups', scope, nextToken)
    if (isElsewhere(input, ctx)) return { logGroups: [] }
    const { found, next } = await collectPage({
      limit,
      after,
      list: lister(groups, input, ctx),
      position: ({ name }) => name,
      ...wantedOnly(input),
    })
    const withSize = input.logGroupNamePattern === undefined
    const inherited = (await accountPolicies.ofType(ctx, 'DATA_PROTECTION_POLICY')) !== undefined
    const logGroups = await Promise.all(
      found.map(async (group) => ({
        ...describe(group, withSize ? await journal.storedBytes(group.number) : undefined),
        ...(inherited ? { inheritedProperties: ['ACCOUNT_DATA_PROTECTION' as const] } : {}),
      })),
    )
    return { logGroups, nextToken: next === undefined ? undefined : tokens.issue('DescribeLogGroups', scope, next) }
  }

function checkFilters({ logGroupNamePrefix, logGroupNamePattern, logGroupIdentifiers }: Input): void {
  if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined) throw logsErrors.prefixAndPattern()
  if (logGroupIdentifiers !== undefined && (logGroupNamePrefix ?? logGroupNamePattern) !== undefined) {
    throw logsErrors.invalidParameter(
      'LogGroup identifiers cannot be combined with a LogGroup name prefix or LogGroup name pattern.',
    )
  }
}

/** No other account's groups are visible from here. */
export const isElsewhere = (
  { accountIdentifiers = [] }: Pick<Input, 'accountIdentifiers'>,
  { account }: LogsPlace,
): boolean => accountIdentifiers.length > 0 && !accountIdentifiers.includes(account)

/** The groups after a name, at most `count`: those that were named, or those with the prefix. */
function lister(groups: LogsParts['groups'], input: Input, place: LogsPlace) {
  const { logGroupIdentifiers: identifiers, logGroupNamePrefix: prefix = '' } = input
  if (identifiers === undefined) {
    return (after: string | undefined, count: number): Promise<readonly LogGroup[]> =>
      groups.list(place, { prefix, ...(after === undefined ? {} : { after }), limit: count })
  }
  const names = [...new Set(identifiers.flatMap((identifier) => ownGroup(identifier, place)))].toSorted()
  return async (after: string | undefined, count: number): Promise<readonly LogGroup[]> => {
    const rest = names.filter((name) => after === undefined || name > after)
    const found = await Promise.all(rest.map((name) => groups.find(place, name)))
    return found.flatMap((group) => group ?? []).slice(0, count)
  }
}

/** The test that a group must pass beside its prefix, when there is one. */
function wantedOnly(input: Input): { readonly wanted?: (group: LogGroup) => boolean } {
  const { logGroupNamePattern: pattern, logGroupClass } = input
  if (pattern === undefined && logGroupClass === undefined) return {}
  return {
    wanted: (group) =>
      (pattern === undefined || group.name.includes(pattern)) &&
      (logGroupClass === undefined || group.logGroupClass === logGroupClass),
  }
}

function ownGroup(identifier: string, place: LogsPlace): readonly string[] {
  try {
    return [groupOfIdentifier(identifier, place)]
  } catch {
    // A group elsewhere: it is not in this list.
    return []
  }
}

/** AWS leaves out two members when it searched by pattern; `storedBytes` is undefined then. */
const describe = (group: LogGroup, storedBytes: number | undefined) => ({
  logGroupName: group.name,
  creationTime: group.creationTime,
  metricFilterCount: group.metricFilterCount ?? 0,
  arn: groupArnWithStreams(group.place, group.name),
  logGroupArn: groupArn(group.place, group.name),
  logGroupClass: group.logGroupClass,
  retentionInDays: group.retentionInDays,
  kmsKeyId: group.kmsKeyId,
  dataProtectionStatus: group.dataProtectionStatus,
  storedBytes,
  deletionProtectionEnabled: storedBytes === undefined ? undefined : group.deletionProtectionEnabled,
})

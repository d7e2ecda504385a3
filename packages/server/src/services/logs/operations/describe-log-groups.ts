import { type LogsPlace, groupArn, groupArnWithStreams } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { readToken } from '#services/logs/describe-page.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { DESCRIBE_PAGE, MAX_RECORDS_SCANNED } from '#services/logs/limits.ts'
import { groupOfIdentifier } from '#services/logs/names.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'DescribeLogGroups'>
type Deps = Pick<LogsParts, 'groups' | 'journal' | 'tokens'>

/** By ascending ASCII order of names. A page may hold fewer groups than asked for and still have a token. */
export const describeLogGroups =
  ({ groups, journal, tokens }: Deps): LogsHandler<'DescribeLogGroups'> =>
  async (input, ctx) => {
    checkFilters(input)
    const { nextToken, limit = DESCRIBE_PAGE, ...parameters } = input
    const wanted = isWanted(input, ctx)
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const page = { found: [] as LogGroup[], after: readToken(tokens, 'DescribeLogGroups', scope, nextToken) }
    let more = wanted !== undefined
    for (let scanned = 0; wanted && more && page.found.length < limit && scanned < MAX_RECORDS_SCANNED; ) {
      const chunk = await groups.list(ctx, {
        prefix: input.logGroupNamePrefix ?? '',
        ...(page.after === undefined ? {} : { after: page.after }),
        limit: limit + 1,
      })
      more = chunk.length > limit
      for (const group of chunk.slice(0, limit)) {
        if (page.found.length === limit) {
          more = true
          break
        }
        page.after = group.name
        if (wanted(group)) page.found.push(group)
      }
      scanned += chunk.length
    }
    const storedBytes = input.logGroupNamePattern === undefined ? journal.storedBytes : undefined
    const logGroups = await Promise.all(page.found.map(async (group) => describe(group, await storedBytes?.(group.number))))
    const token = more && page.after !== undefined ? tokens.issue('DescribeLogGroups', scope, page.after) : undefined
    return { logGroups, nextToken: token }
  }

function checkFilters({ logGroupNamePrefix, logGroupNamePattern, logGroupIdentifiers }: Input): void {
  if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined) throw logsErrors.prefixAndPattern()
  if (logGroupIdentifiers !== undefined && (logGroupNamePrefix ?? logGroupNamePattern) !== undefined) {
    throw logsErrors.invalidParameter(
      'LogGroup identifiers cannot be combined with a LogGroup name prefix or LogGroup name pattern.',
    )
  }
}

/** `undefined`: nothing can be found, since no other account's groups are visible from here. */
function isWanted(input: Input, place: LogsPlace): ((group: LogGroup) => boolean) | undefined {
  const { accountIdentifiers, logGroupNamePattern: pattern, logGroupClass, logGroupIdentifiers } = input
  if (accountIdentifiers?.length && !accountIdentifiers.includes(place.account)) return undefined
  const named = logGroupIdentifiers && new Set(logGroupIdentifiers.flatMap((identifier) => ownGroup(identifier, place)))
  return (group) =>
    (pattern === undefined || group.name.includes(pattern)) &&
    (logGroupClass === undefined || group.logGroupClass === logGroupClass) &&
    (named === undefined || named.has(group.name))
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
  metricFilterCount: 0,
  arn: groupArnWithStreams(group.place, group.name),
  logGroupArn: groupArn(group.place, group.name),
  logGroupClass: group.logGroupClass,
  retentionInDays: group.retentionInDays,
  storedBytes,
  deletionProtectionEnabled: storedBytes === undefined ? undefined : group.deletionProtectionEnabled,
})

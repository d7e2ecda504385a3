import { groupArn } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { collectPage, readToken } from '#services/logs/describe-page.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import { isElsewhere } from '#services/logs/operations/describe-log-groups.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'ListLogGroups'>
type Deps = Pick<LogsParts, 'groups' | 'tokens'>

/** One alternative of a name pattern: what names start with, or hold anywhere. */
const ALTERNATIVE = /^(\^?)([.\-_/#A-Za-z0-9]{3,24})$/
const MAX_ALTERNATIVES = 5

/** By ascending ASCII order of names. A page may hold fewer groups than asked for and still have a token. */
export const listLogGroups =
  ({ groups, tokens }: Deps): LogsHandler<'ListLogGroups'> =>
  async (input, ctx) => {
    const { nextToken, limit = DESCRIBE_PAGE, ...parameters } = input
    const wanted = wantedGroups(input)
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const after = readToken(tokens, 'ListLogGroups', scope, nextToken)
    if (isElsewhere(input, ctx)) return { logGroups: [] }
    const { found, next } = await collectPage({
      limit,
      after,
      list: (position, count) =>
        groups.list(ctx, { ...(position === undefined ? {} : { after: position }), limit: count }),
      position: ({ name }) => name,
      wanted,
    })
    return {
      logGroups: found.map(({ name, place, logGroupClass }) => ({
        logGroupName: name,
        logGroupArn: groupArn(place, name),
        logGroupClass,
      })),
      nextToken: next === undefined ? undefined : tokens.issue('ListLogGroups', scope, next),
    }
  }

/** @throws AwsError InvalidParameterException for a name pattern that is none */
function wantedGroups(input: Input): (group: LogGroup) => boolean {
  const { logGroupNamePattern, logGroupClass, logGroupTags = [], dataSources = [], fieldIndexNames = [] } = input
  const isNamed = namePattern(logGroupNamePattern)
  // No group has data sources or field indexes, so none can be found by them.
  const isIndexed = dataSources.length + fieldIndexNames.length > 0
  return (group) =>
    !isIndexed &&
    isNamed(group.name) &&
    (logGroupClass === undefined || group.logGroupClass === logGroupClass) &&
    logGroupTags.every(({ key, values = [] }) => hasTag(group, key, values))
}

function namePattern(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true
  const alternatives = pattern.split('|').map((text) => ALTERNATIVE.exec(text) ?? undefined)
  if (alternatives.includes(undefined) || alternatives.length > MAX_ALTERNATIVES) {
    throw logsErrors.constraint(
      'logGroupNamePattern',
      'Member must satisfy regular expression pattern: (\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24})(\\|\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24}){0,4}',
    )
  }
  return (name) =>
    alternatives.some((found) => {
      const [, start, text = ''] = found ?? []
      return start === '^' ? name.startsWith(text) : name.includes(text)
    })
}

/** With any value when none are given. */
function hasTag({ tags }: LogGroup, key: string | undefined, values: readonly string[]): boolean {
  if (key === undefined) return true
  const value = Object.hasOwn(tags, key) ? tags[key] : undefined
  return value !== undefined && (values.length === 0 || values.includes(value))
}

import type { Apis } from '@sluice/wire'
import type { Handler } from '#kernel/call.ts'
import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { HISTORY_MILLIS, LOOKUP_PAGE } from '#services/cloudtrail/limits.ts'
import type { ApiEventFilter, ApiEventKey, ApiJournal, StoredApiEvent } from '#stores/journals/api-journal.ts'

type Lookup = Apis['cloudtrail']['LookupEvents']
type Event = NonNullable<Lookup['output']['Events']>[number]
type Attribute = NonNullable<Lookup['input']['LookupAttributes']>[number]

export interface LookupDeps {
  readonly journal: ApiJournal
  readonly tokens: PageTokens
}

/** Management events of the last 90 days in this region, newest first. */
export const lookupEvents =
  ({ journal, tokens }: LookupDeps): Handler<Lookup['input'], Lookup['output']> =>
  async (input, ctx) => {
    const { NextToken, MaxResults = LOOKUP_PAGE, ...parameters } = input
    const { StartTime: start, EndTime: end } = parameters
    if (start !== undefined && end !== undefined && start > end) throw cloudtrailErrors.invalidTimeRange()
    const filter = readFilter(parameters.LookupAttributes ?? [])
    // Insight events are not produced, so a search for them finds none.
    if (parameters.EventCategory === 'insight') return { Events: [] }
    const scope = { ...parameters, account: ctx.account, region: ctx.region }
    const before = NextToken === undefined ? undefined : readKey(tokens, scope, NextToken)
    const found = await journal.query({
      account: ctx.account,
      region: ctx.region,
      from: Math.max(start ?? 0, ctx.now - HISTORY_MILLIS),
      to: end ?? Number.MAX_SAFE_INTEGER,
      ...(filter === undefined ? {} : { filter }),
      ...(before === undefined ? {} : { before }),
      limit: MaxResults + 1,
      signal: ctx.signal,
    })
    const page = found.slice(0, MaxResults)
    const last = page.at(-1)
    const more = found.length > MaxResults && last !== undefined
    return {
      Events: page.map(describe),
      ...(more
        ? { NextToken: tokens.issue('LookupEvents', scope, `${String(last.eventTime)}.${String(last.seq)}`) }
        : {}),
    }
  }

function readKey(tokens: PageTokens, scope: object, token: string): ApiEventKey {
  try {
    const [eventTime, seq] = tokens.read('LookupEvents', scope, token).split('.').map(Number)
    return { eventTime: eventTime as number, seq: seq as number }
  } catch (error) {
    if (error instanceof InvalidPageToken) throw cloudtrailErrors.invalidNextToken()
    throw error
  }
}

function readFilter(attributes: readonly Attribute[]): ApiEventFilter | undefined {
  const [attribute, ...others] = attributes
  if (attribute === undefined) return undefined
  if (others.length > 0) throw cloudtrailErrors.invalidLookupAttributes('Only one lookup attribute can be given.')
  const { AttributeKey: key, AttributeValue: value } = attribute
  switch (key) {
    case 'EventId':
      return { by: 'eventId', value }
    case 'EventName':
      return { by: 'eventName', value }
    case 'Username':
      return { by: 'username', value }
    case 'ResourceType':
      return { by: 'resourceType', value }
    case 'ResourceName':
      return { by: 'resourceName', value }
    case 'EventSource':
      return { by: 'eventSource', value }
    case 'AccessKeyId':
      return { by: 'accessKeyId', value }
    case 'ReadOnly':
      if (value !== 'true' && value !== 'false')
        throw cloudtrailErrors.invalidLookupAttributes('The value of ReadOnly is true or false.')
      return { by: 'readOnly', value: value === 'true' }
    default:
      throw cloudtrailErrors.invalidLookupAttributes(`${String(key)} is not a lookup attribute.`)
  }
}

const describe = (event: StoredApiEvent): Event => ({
  EventId: event.eventId,
  EventName: event.eventName,
  ReadOnly: String(event.readOnly),
  ...(event.accessKeyId === '' ? {} : { AccessKeyId: event.accessKeyId }),
  EventTime: event.eventTime,
  EventSource: event.eventSource,
  ...(event.username === '' ? {} : { Username: event.username }),
  Resources: event.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
  CloudTrailEvent: event.record,
})

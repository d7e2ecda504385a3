import type { FederatedCaller, ServicePrincipal } from '#kernel/principal.ts'
import { type AccountId, type EpochMillis, type Region, newUuid } from '#kernel/ids.ts'
import type { CallContext } from '#kernel/call.ts'
import type { Fault } from '#kernel/errors.ts'
import type { AuditResource } from '#kernel/service.ts'
import type { ApiEvent } from '#stores/journals/api-journal.ts'
import {
  type UserIdentity,
  federatedIdentity,
  foreignIdentity,
  isoSeconds,
  userIdentity,
  userNameOf,
} from '#audit/user-identity.ts'
import { redact } from '#audit/redact.ts'

/** One call that reached a service, however it ended. Names of members are already those of the wire. */
export interface ApiCall {
  readonly ctx: Omit<CallContext, 'gate'>
  readonly eventSource: ServicePrincipal
  readonly apiVersion: string
  /** Records of global services stand in us-east-1. */
  readonly eventRegion: Region
  readonly operation: string
  readonly readOnly: boolean
  /** `undefined` when the input could not be read. */
  readonly requestParameters: Readonly<Record<string, unknown>> | undefined
  readonly responseElements: Readonly<Record<string, unknown>> | undefined
  readonly fault: Fault | undefined
  readonly resources: readonly AuditResource[]
  /** The response is recorded although the call is a read. */
  readonly responseRecorded?: boolean
  /** Members to mask. */
  readonly secrets: readonly string[]
  /** What the service says beside request and response. */
  readonly additionalData?: Readonly<Record<string, unknown>>
  /** Why the call would have been denied, where the platform only audits. */
  readonly wouldBeDenied?: readonly string[]
  /** Set for data calls. */
  readonly category?: 'Data'
  /** Who asks, when nobody signed and an identity provider vouches for somebody. */
  readonly caller?: FederatedCaller
}

/** The record version whose members are written here. */
export const EVENT_VERSION = '1.11'
/** Longest request parameters and response elements in a record, in bytes of JSON. @source CloudTrail user guide, event size limits */
const MAX_ELEMENT_BYTES = 100 * 1024
/** Longest user agent, error code and error message, in bytes. @source CloudTrail user guide, event size limits */
const MAX_TEXT_BYTES = 1024

/**
 * The API events of a call: one for the account in which it acted, and one for each other account that owns something it
 * touched. Events of one call share an id.
 */
export function apiEvents(call: ApiCall): readonly ApiEvent[] {
  const owners = call.fault === undefined ? otherOwners(call) : []
  if (owners.length === 0) return [apiEvent(call)]
  const sharedEventID = newUuid()
  return [call.ctx.account, ...owners].map((recipient) => apiEvent(call, { recipient, sharedEventID }))
}

/** Accounts of ARNs among the resources, beside the call's own. */
function otherOwners({ ctx, resources }: ApiCall): readonly AccountId[] {
  const accounts = resources.map(({ name }) => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(name)?.[1])
  return [...new Set(accounts)].filter((account) => account !== undefined && account !== ctx.account) as AccountId[]
}

interface Copy {
  readonly recipient: AccountId
  readonly sharedEventID: string
}

/** One event of a call: attributes for LookupEvents and the record itself, redacted. */
export function apiEvent(call: ApiCall, copy?: Copy): ApiEvent {
  const { ctx } = call
  const eventId = newUuid()
  const invokedBy = ctx.calledVia.at(-1)
  const recipient: AccountId = copy?.recipient ?? ctx.account
  const record = {
    eventVersion: EVENT_VERSION,
    userIdentity: identityFor(call, recipient, invokedBy),
    eventTime: isoSeconds(ctx.now),
    eventSource: call.eventSource,
    eventName: call.operation,
    awsRegion: call.eventRegion,
    sourceIPAddress: sourceAddress(ctx, invokedBy),
    userAgent: cut(sourceAgent(ctx, invokedBy)),
    ...(call.fault === undefined ? {} : { errorCode: cut(call.fault.code), errorMessage: cut(call.fault.message) }),
    requestParameters: element(call.requestParameters, call.secrets),
    responseElements: isResponseRecorded(call) ? element(call.responseElements, call.secrets) : null,
    ...additionalData(call),
    requestID: ctx.requestId,
    eventID: eventId,
    readOnly: call.readOnly,
    ...(call.resources.length === 0
      ? {}
      : { resources: call.resources.map((resource) => recordResource(resource, ctx.account)) }),
    eventType: 'AwsApiCall',
    apiVersion: call.apiVersion,
    managementEvent: call.category === undefined,
    recipientAccountId: recipient,
    ...(copy === undefined ? {} : { sharedEventID: copy.sharedEventID }),
    eventCategory: call.category ?? 'Management',
    ...(ctx.source.tls === undefined || invokedBy !== undefined
      ? {}
      : {
          tlsDetails: {
            tlsVersion: ctx.source.tls.version,
            cipherSuite: ctx.source.tls.cipherSuite,
            clientProvidedHostHeader: ctx.source.host,
          },
        }),
  }
  const isOwn = recipient === ctx.account
  return {
    account: recipient,
    ...(call.category === undefined ? {} : { category: call.category }),
    region: call.eventRegion,
    eventTime: wholeSecond(ctx.now),
    eventId,
    eventName: call.operation,
    readOnly: call.readOnly,
    username: isOwn ? (call.caller?.name ?? userNameOf(ctx.principal)) : '',
    accessKeyId: isOwn && 'accessKeyId' in ctx.principal ? (ctx.principal.accessKeyId ?? '') : '',
    eventSource: call.eventSource,
    resources: call.resources,
    record: recordText(record),
  }
}

const isResponseRecorded = ({ readOnly, responseRecorded = false, fault }: ApiCall): boolean =>
  fault === undefined && (!readOnly || responseRecorded)

/** Most would-be denials that a record names; `sluice why-denied` knows the others. */
const MAX_WOULD_BE_DENIED = 5

/** What is not of the request or its response: what the service says, and that it went through only because denials are audited. */
function additionalData({ additionalData: told, wouldBeDenied = [] }: ApiCall): object {
  if (told === undefined && wouldBeDenied.length === 0) return {}
  const audited = { iamMode: 'audit', wouldBeDenied: wouldBeDenied.slice(0, MAX_WOULD_BE_DENIED).map(cut) }
  return { additionalEventData: { ...told, ...(wouldBeDenied.length === 0 ? {} : audited) } }
}

const wholeSecond = (millis: EpochMillis): EpochMillis => Math.floor(millis / 1_000) * 1_000

/** Of these a record tells no account; that of an object's bucket stands beside it. @source recorded data events of S3 */
const OF_NO_ACCOUNT: ReadonlySet<string> = new Set(['AWS::S3::Object'])

function recordResource({ type, name }: AuditResource, account: AccountId): Readonly<Record<string, unknown>> {
  if (OF_NO_ACCOUNT.has(type)) return { type, ARN: name }
  return name.startsWith('arn:')
    ? { accountId: name.split(':')[4] || account, type, ARN: name }
    : { accountId: account, type, resourceName: name }
}

/** Whoever owns what another account touched learns which account that was, and not who in it. */
function identityFor(
  { ctx, caller, eventSource }: ApiCall,
  recipient: AccountId,
  invokedBy: ServicePrincipal | undefined,
): UserIdentity {
  if (caller !== undefined) return federatedIdentity(caller)
  // Whom a provider was to vouch for, had what it said been right.
  if (ctx.principal.kind === 'anonymous' && eventSource === 'sts.amazonaws.com') return { type: 'Unknown' }
  const isForeign = ctx.principal.kind !== 'service' && ctx.principal.account !== recipient
  return isForeign ? foreignIdentity(ctx.principal, invokedBy) : userIdentity(ctx.principal, invokedBy)
}

function sourceAddress(ctx: ApiCall['ctx'], invokedBy: ServicePrincipal | undefined): string {
  return ctx.principal.kind === 'service' ? ctx.principal.service : (invokedBy ?? ctx.source.ip)
}

function sourceAgent(ctx: ApiCall['ctx'], invokedBy: ServicePrincipal | undefined): string {
  return ctx.principal.kind === 'service' ? ctx.principal.service : (invokedBy ?? ctx.source.userAgent)
}

const encoder = new TextEncoder()
/** UTF-8 bytes of one UTF-16 unit. */
const MOST_BYTES_A_CHARACTER = 3

/** As many whole characters as fit. */
function cut(text: string): string {
  if (text.length * MOST_BYTES_A_CHARACTER <= MAX_TEXT_BYTES) return text
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(MAX_TEXT_BYTES)).read)
}

function element(value: Readonly<Record<string, unknown>> | undefined, secrets: readonly string[]): unknown {
  return value === undefined || Object.keys(value).length === 0 ? null : redact(value, secrets)
}

interface Elements {
  readonly requestParameters: unknown
  readonly responseElements: unknown
}

/** The record as text; an element that is too long is left out of it. */
function recordText(record: Elements): string {
  const text = JSON.stringify(record)
  // Nearly every record is so short that nothing in it can be too long.
  if (text.length * MOST_BYTES_A_CHARACTER <= MAX_ELEMENT_BYTES) return text
  const { requestParameters, responseElements } = record
  return JSON.stringify({
    ...record,
    requestParameters: short(requestParameters),
    responseElements: short(responseElements),
  })
}

const short = (value: unknown): unknown =>
  Buffer.byteLength(JSON.stringify(value)) <= MAX_ELEMENT_BYTES ? value : { omitted: true }

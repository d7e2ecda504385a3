import type { AccountId, Region } from '#kernel/ids.ts'

/** Where a log group lives. */
export interface LogsPlace {
  readonly account: AccountId
  readonly region: Region
}

/** A place as an ARN names it, which need not exist. */
export interface ArnPlace {
  readonly account: string
  readonly region: string
}

/** `arn:aws:logs:R:A:log-group:NAME`: the tag APIs, identifiers and `logGroupArn` use this form. */
export const groupArn = ({ account, region }: ArnPlace, group: string): string =>
  `arn:aws:logs:${region}:${account}:log-group:${group}`

/** The same with `:*`, as DescribeLogGroups' `arn`. */
export const groupArnWithStreams = (place: ArnPlace, group: string): string => `${groupArn(place, group)}:*`

/**
 * A stream's ARN. With an empty stream name it is what AWS authorises group-level operations on, so a policy on
 * `log-group:NAME` alone does not match them and one on `log-group:NAME:*` does; with both empty, what operations
 * without a group are authorised on.
 */
export const streamArn = (place: ArnPlace, group: string, stream: string): string =>
  `${groupArn(place, group)}:log-stream:${stream}`

/** A log group's ARN without `:*`, taken apart. `undefined`: something else. */
export function parseGroupArn(arn: string): (ArnPlace & { readonly name: string }) | undefined {
  const [, region, account, name] = /^arn:aws[a-z-]*:logs:([^:]*):([^:]*):log-group:([^:]+)$/.exec(arn) ?? []
  return region === undefined || account === undefined || name === undefined ? undefined : { account, region, name }
}

/** The group a stream's ARN (or the ARN of a group-level check) speaks of. */
export function groupOfStreamArn(arn: string): string | undefined {
  return /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+):log-stream:/.exec(arn)?.[1]
}

/** What has an ARN and tags beside log groups. */
export const NAMED_KINDS = ['destination', 'delivery-source', 'delivery-destination', 'delivery'] as const
export type NamedKind = (typeof NAMED_KINDS)[number]

/** `arn:aws:logs:R:A:KIND:NAME`; of a delivery the name is its id. */
export const namedArn = (kind: NamedKind, { account, region }: ArnPlace, name: string): string =>
  `arn:aws:logs:${region}:${account}:${kind}:${name}`

/** Such an ARN, taken apart. `undefined`: something else. */
export function parseNamedArn(
  arn: string,
): (ArnPlace & { readonly kind: NamedKind; readonly name: string }) | undefined {
  const [, region, account, found, name] = /^arn:aws[a-z-]*:logs:([^:]*):([^:]*):([a-z-]+):([^:]+)$/.exec(arn) ?? []
  const kind = NAMED_KINDS.find((known) => known === found)
  return kind === undefined || region === undefined || account === undefined || name === undefined
    ? undefined
    : { kind, account, region, name }
}

/** A logical destination of subscription filters. */
export const destinationArn = (place: ArnPlace, name: string): string => namedArn('destination', place, name)

/** A logical destination's ARN, taken apart. `undefined`: something else. */
export function parseDestinationArn(arn: string): (ArnPlace & { readonly name: string }) | undefined {
  const parsed = parseNamedArn(arn)
  return parsed?.kind === 'destination' ? parsed : undefined
}

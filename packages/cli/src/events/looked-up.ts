/** An event as LookupEvents answers it, as far as it is printed. */
export interface LookedUpEvent {
  readonly EventId: string
  readonly EventName: string
  /** Epoch seconds. */
  readonly EventTime: number
  readonly EventSource: string
  /** `true` or `false`. */
  readonly ReadOnly: string
  readonly Username?: string
  readonly AccessKeyId?: string
  readonly Resources?: readonly { readonly ResourceType: string; readonly ResourceName: string }[]
  /** The whole record as JSON. */
  readonly CloudTrailEvent: string
}

/** What a record says beside that. */
export interface RecordDetails {
  readonly sourceIPAddress?: string
  readonly userAgent?: string
  readonly awsRegion?: string
  readonly errorCode?: string
  readonly requestID?: string
  readonly userIdentity?: { readonly type?: string; readonly invokedBy?: string }
}

export const detailsOf = (event: LookedUpEvent): RecordDetails => JSON.parse(event.CloudTrailEvent) as RecordDetails

/** Who called: a name, or else the service. */
export function callerOf({ Username }: LookedUpEvent, { userIdentity }: RecordDetails): string {
  if (Username !== undefined && Username !== '') return Username
  return userIdentity?.invokedBy ?? userIdentity?.type ?? '-'
}

export const timeOf = ({ EventTime }: LookedUpEvent): string =>
  `${new Date(EventTime * 1_000).toISOString().slice(0, 19)}Z`

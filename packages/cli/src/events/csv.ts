import { type LookedUpEvent, callerOf, detailsOf, timeOf } from '#cli/events/looked-up.ts'

/** The first line: names of the columns. */
export const CSV_HEADER =
  'Event ID,Event time,User name,AWS access key,AWS region,Event name,Event source,Read only,Resource type,Resource name,Source IP address,User agent,Error code,Request ID\r\n'

/** An event as a line of comma-separated values (RFC 4180). */
export function csvLine(event: LookedUpEvent): string {
  const details = detailsOf(event)
  const { Resources = [] } = event
  const cells = [
    event.EventId,
    timeOf(event),
    callerOf(event, details),
    event.AccessKeyId ?? '',
    details.awsRegion ?? '',
    event.EventName,
    event.EventSource,
    event.ReadOnly,
    Resources.map(({ ResourceType }) => ResourceType).join(' '),
    Resources.map(({ ResourceName }) => ResourceName).join(' '),
    details.sourceIPAddress ?? '',
    details.userAgent ?? '',
    details.errorCode ?? '',
    details.requestID ?? '',
  ]
  return `${cells.map(cell).join(',')}\r\n`
}

/** Callers choose some of these texts, so none may become a formula where the file is opened. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** How long event history keeps an event, in milliseconds. @source CloudTrail user guide, event history: 90 days */
export const HISTORY_MILLIS: number = 90 * 24 * 60 * 60 * 1_000

/** Events on a page of LookupEvents, unless fewer are asked for. @source CloudTrail model 2013-11-01, MaxResults 1–50 */
export const LOOKUP_PAGE = 50

/** How long event history keeps an event, in milliseconds. @source CloudTrail user guide, event history: 90 days */
export const HISTORY_MILLIS: number = 90 * 24 * 60 * 60 * 1_000

/** Events on a page of LookupEvents, unless fewer are asked for. @source CloudTrail model 2013-11-01, MaxResults 1–50 */
export const LOOKUP_PAGE = 50

/** @source CloudTrail API reference, CreateTrail, Name: 3 to 128 characters */
export const MIN_TRAIL_NAME = 3
export const MAX_TRAIL_NAME = 128
/** Trails that a region shows, shadows of other regions' trails among them. @source CloudTrail quotas */
export const MAX_TRAILS = 5
/** @source CloudTrail API reference, CreateTrail, S3KeyPrefix: 200 characters */
export const MAX_PREFIX = 200
/** @source CloudTrail API reference, CreateTrail, SnsTopicName: 256 characters */
export const MAX_TOPIC_NAME = 256
/** @source CloudTrail API reference, AddTags */
export const MAX_TAGS = 50
/** @source CloudTrail API reference, ListTags: 20 resources */
export const MAX_TAGGED = 20
/** Trails, or public keys, on a page. */
export const LIST_PAGE = 100
/** @source CloudTrail quotas: event selectors of a trail, and data resources over all of them */
export const MAX_SELECTORS = 5
export const MAX_DATA_RESOURCES = 250
/** Values over all advanced selectors of a trail. @source CloudTrail quotas */
export const MAX_CONDITIONS = 500
/** Times that a trail was logging whose events are not all delivered. */
export const MAX_SPANS = 100

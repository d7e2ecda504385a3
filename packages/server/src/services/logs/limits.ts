const HOUR = 60 * 60 * 1_000
/** Milliseconds of a day; retention is counted in them. */
export const DAY_MILLIS: number = 24 * HOUR

/**
 * Longest name of a group or stream, in characters. @source model logs 2014-03-28
 * @error InvalidParameterException
 */
export const MAX_NAME_CHARS = 512

/** What every event costs beside its message's UTF-8 bytes. @source PutLogEvents, "26 bytes for each log event" */
export const EVENT_OVERHEAD_BYTES = 26

/**
 * Largest batch of PutLogEvents, overhead included, and largest single event.
 * @source PutLogEvents: 1,048,576 bytes @error InvalidParameterException
 */
export const MAX_BATCH_BYTES = 1_048_576

/**
 * Longest age of an event that is stored.
 * @source PutLogEvents: "more than 14 days" @error none: `rejectedLogEventsInfo` tells, the call succeeds
 */
export const MAX_EVENT_AGE_MILLIS: number = 14 * DAY_MILLIS

/** How far ahead of the clock an event may be. @source PutLogEvents: "more than 2 hours" @error none, as above */
export const MAX_EVENT_LEAD_MILLIS: number = 2 * HOUR

/** First to last event of one batch. @source PutLogEvents: 24 hours @error InvalidParameterException */
export const MAX_BATCH_SPAN_MILLIS: number = 24 * HOUR

/** Events on a page of GetLogEvents and FilterLogEvents. @source model: limit 1–10,000 */
export const MAX_PAGE_EVENTS = 10_000

/** Bytes on such a page, counted like a batch. @source GetLogEvents, FilterLogEvents: "up to 1 MB" */
export const MAX_PAGE_BYTES = 1_048_576

/** Items on a page of the Describe operations. @source model: limit 1–50, default 50 */
export const DESCRIBE_PAGE = 50

/** Records that one call may look through before it hands back a page and a token. Bounds a call's time. */
export const MAX_RECORDS_SCANNED = 10_000

/** Events that one FilterLogEvents call may look through before it hands back what it has. Bounds a call's time. */
export const MAX_EVENTS_SCANNED = 100_000

/** Events fetched at once while a pattern must be tested here, and their bytes. Bounds memory of a call. */
export const SCAN_CHUNK_EVENTS = 10_000
export const SCAN_CHUNK_BYTES: number = 8 * 1_048_576

/** How long an opened data key of a group serves. @source AssociateKmsKey: a change of a key takes up to 5 minutes */
export const DATA_KEY_MILLIS: number = 5 * 60_000

/** Most streams named to the journal; more are told apart after reading. */
export const MAX_STREAMS_PUSHED_DOWN = 1_000

/** FilterLogEvents reads newest first only from here on: 2024-01-01T00:00:00Z. @source FilterLogEvents, startFromHead */
export const EARLIEST_NEWEST_FIRST: number = Date.UTC(2024, 0, 1)

/** Tags of one resource. @source model: 50 @error TooManyTagsException */
export const MAX_TAGS = 50

/**
 * Resource policies of account scope in one account and region.
 * @source PutResourcePolicy: 10 @error LimitExceededException
 */
export const MAX_ACCOUNT_POLICIES = 10

/** UTF-8 bytes of a resource policy. @source model: 51,200 @error InvalidParameterException */
export const MAX_POLICY_BYTES = 51_200

/** Days that PutRetentionPolicy accepts. @source PutRetentionPolicy, retentionInDays */
export const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

/** Regular expressions in one filter pattern. @source CloudWatch Logs user guide, filter pattern quotas: 2 */
export const MAX_PATTERN_REGEXES = 2

/** Longest filter pattern, in characters. @source model: 1,024 */
export const MAX_PATTERN_CHARS = 1_024

/** Selectors with a wildcard in one JSON pattern. @source CloudWatch Logs user guide, compound expressions: 3 */
export const MAX_PATTERN_WILDCARDS = 3

/** Metric filters of one log group. @source CloudWatch Logs quotas: 100 @error LimitExceededException */
export const MAX_METRIC_FILTERS = 100

/** Dimensions of a metric filter. @source PutMetricFilter, MetricTransformation: 3 @error InvalidParameterException */
export const MAX_METRIC_DIMENSIONS = 3

/**
 * Filters with a regular expression in one log group, metric and subscription filters together.
 * @source CloudWatch Logs user guide, regular expressions: 5 @error LimitExceededException
 */
export const MAX_REGEX_FILTERS = 5

/** Sets of dimensions of one filter in an hour; further ones are left out. @source CloudWatch Logs user guide: 1,000 */
export const MAX_DIMENSION_SETS = 1_000

/** Metrics being added up at once, in all accounts. Bounds memory. */
export const MAX_OPEN_SERIES = 100_000

/** Different values of samples held at once, so that percentiles can be told; without room for more they cannot. Bounds memory. */
export const MAX_OPEN_VALUES = 500_000

/** Different values in one point; more make another point. @source PutMetricData: 150 */
export const MAX_POINT_VALUES = 150

/** Metric points kept while they cannot be published; the oldest go first. Bounds memory. */
export const MAX_WAITING_POINTS = 100_000

/** Subscription filters of one log group. @source CloudWatch Logs quotas: 2 @error LimitExceededException */
export const MAX_SUBSCRIPTION_FILTERS = 2

/** UTF-8 bytes of a destination's policy. @source PutDestinationPolicy: 5,120 @error InvalidParameterException */
export const MAX_DESTINATION_POLICY_BYTES = 5_120

/** Saved queries of an account and region. @source CloudWatch Logs quotas: 1,000 @error LimitExceededException */
export const MAX_QUERY_DEFINITIONS = 1_000

/** Characters of a data protection policy. @source PutDataProtectionPolicy: 30,720 @error InvalidParameterException */
export const MAX_PROTECTION_POLICY_CHARS = 30_720

/** Custom data identifiers of one policy. @source CloudWatch Logs user guide, custom data identifiers: 10 */
export const MAX_CUSTOM_IDENTIFIERS = 10

/** Characters of a custom data identifier's expression. @source CloudWatch Logs user guide: 200 */
export const MAX_CUSTOM_REGEX_CHARS = 200

/** Export tasks of an account and region that are remembered; the oldest go first. Bounds a call's time. */
export const MAX_EXPORT_TASKS_KEPT = 1_000

/** Events in one update of a live tail; what is more is sampled. @source StartLiveTail: "up to 500 log events" a second */
export const MAX_TAIL_EVENTS = 500

/** Events that one session looks at for one update, so that a pattern that fits nothing costs no more than one that does. Ours. */
export const MAX_TAIL_LOOKS = 50_000

/** Updates kept for a session whose reader does not keep up. @source StartLiveTail: 10 updates, 5,000 events */
export const MAX_TAIL_UPDATES = 10

/** Live tails of an account at once. @source CloudWatch Logs quotas @error LimitExceededException */
export const MAX_TAIL_SESSIONS = 15

/** How often a live tail says what came. @source StartLiveTail: every second */
export const TAIL_UPDATE_MILLIS = 1_000

/** How long a live tail lasts. @source StartLiveTail: three hours @error SessionTimeoutException */
export const TAIL_SESSION_MILLIS: number = 3 * HOUR

/** Bytes of a payload to subscribers before it is packed: a record of Kinesis or Firehose has at most 1 MB packed. */
export const MAX_PAYLOAD_BYTES = 1_000_000

/** Batches of one group that wait for subscribers in memory; the rest waits on the disk. Bounds memory. */
export const MAX_QUEUED_BATCHES = 50

/** How long events are gathered for a file. @source CloudTrail user guide: about every five minutes */
export const FILE_MILLIS: number = 5 * 60_000
/** Events after which a file is written although it is not time. */
export const FILE_EVENTS = 5_000
/** Text of events after which a file is written; it is far below AWS's 50 MB of a compressed file. */
export const FILE_BYTES: number = 32 * 1_024 * 1_024
/** Events read from the journal at once. */
export const READ_EVENTS = 500
/** @source CloudTrail user guide: digests are hourly */
export const DIGEST_MILLIS: number = 60 * 60_000
/** Hours that each get a digest after the platform was off; all before them have one together. */
export const MAX_DIGESTS = 48
/** How long a deleted trail's last events are tried. */
export const RETIRED_MILLIS: number = 24 * 60 * 60_000
/** Larger records are not sent to CloudWatch Logs. @source CloudTrail quotas: 256 KB */
export const LOGS_EVENT_BYTES: number = 256 * 1_024

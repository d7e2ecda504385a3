/** @source STS API reference; IAM user guide, "IAM and AWS STS quotas" */

/** Seconds of a role's session when none are asked for. */
export const DEFAULT_ROLE_SECONDS = 3_600
/** Longest session of a role that a role's session assumed, in seconds. @error ValidationError 400 */
export const MAX_CHAINED_SECONDS = 3_600
/** Seconds of a session from GetSessionToken or GetFederationToken when none are asked for. */
export const DEFAULT_TOKEN_SECONDS = 43_200
/** Longest session that the root user gets, in seconds; more is cut. */
export const MAX_ROOT_SECONDS = 3_600

/** Managed policies of a session. @error ValidationError 400 */
export const MAX_SESSION_POLICIES = 10
/** Bytes of session policies, policy ARNs and tags, packed. @error PackedPolicyTooLarge 400 */
export const MAX_PACKED_BYTES = 2_048

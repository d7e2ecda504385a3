/** @source IAM user guide, "IAM and AWS STS quotas"; AWS model iam 2010-05-08 */

/** Users in an account. @error LimitExceeded 409 */
export const MAX_USERS = 5_000
/** Groups in an account. @error LimitExceeded 409 */
export const MAX_GROUPS = 300
/** Roles in an account. @error LimitExceeded 409 */
export const MAX_ROLES = 1_000
/** Customer managed policies in an account. @error LimitExceeded 409 */
export const MAX_POLICIES = 1_500
/** Instance profiles in an account. @error LimitExceeded 409 */
export const MAX_INSTANCE_PROFILES = 1_000

/** Groups of a user. @error LimitExceeded 409 */
export const MAX_GROUPS_OF_USER = 10
/** Versions that a managed policy keeps. @error LimitExceeded 409 */
export const MAX_POLICY_VERSIONS = 5
/** Managed policies attached to a user, a group or a role. @error LimitExceeded 409 */
export const MAX_ATTACHED = 10
/** Tags of one thing. @error LimitExceeded 409 */
export const MAX_TAGS = 50

/** Access keys of a user or of the root user, active or not. @error LimitExceeded 409 */
export const MAX_ACCESS_KEYS = 2

/** Characters of all inline policies together; white space is not counted. @error LimitExceeded 409 */
export const MAX_USER_POLICY_CHARS = 2_048
export const MAX_GROUP_POLICY_CHARS = 5_120
export const MAX_ROLE_POLICY_CHARS = 10_240
/** Characters of a managed policy; white space is not counted. @error LimitExceeded 409 */
export const MAX_MANAGED_POLICY_CHARS = 6_144
/** Characters of a trust policy; white space is not counted. @error LimitExceeded 409 */
export const MAX_TRUST_CHARS = 2_048

/** Longest session of a role when the role names none, in seconds. */
export const DEFAULT_SESSION_SECONDS = 3_600

/** Items on a page when `MaxItems` is left out; the model allows 1 to 1,000. */
export const DEFAULT_PAGE_ITEMS = 100

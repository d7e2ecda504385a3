/** @source IAM user guide, "IAM and AWS STS quotas"; AWS model iam 2010-05-08 */

/** Users in an account. @error LimitExceeded 409 */
export const MAX_USERS = 5_000

/** Access keys of a user or of the root user, active or not. @error LimitExceeded 409 */
export const MAX_ACCESS_KEYS = 2

/** Characters of all inline policies of a user together; white space is not counted. @error LimitExceeded 409 */
export const MAX_USER_POLICY_CHARS = 2_048

/** Items on a page when `MaxItems` is left out; the model allows 1 to 1,000. */
export const DEFAULT_PAGE_ITEMS = 100

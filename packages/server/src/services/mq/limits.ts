/** Brokers that one account may have in one region, whatever their state. @source Amazon MQ quotas page (200 since 2025) */
export const MAX_BROKERS_PER_REGION = 200

/** @source AWS model mq 2017-11-27, CreateBrokerRequest.brokerName */
export const BROKER_NAME = /^[0-9A-Za-z_-]{1,50}$/

/** User and group names. @source AWS model mq 2017-11-27, User.username and User.groups */
export const USER_OR_GROUP_NAME = /^[0-9A-Za-z._~-]{2,100}$/
/** @source Amazon MQ quotas page */
export const MAX_USERS_PER_BROKER = 250
/** @source AWS model mq 2017-11-27, User.groups */
export const MAX_GROUPS_PER_USER = 20
/** @source the service's own error text: "Enter a password 12 to 250 characters long." */
export const PASSWORD_CHARACTERS = { min: 12, max: 250, unique: 4 } as const

/** Changes of a maintenance window before it begins. @source Amazon MQ guide, maintaining brokers */
export const MAX_WINDOW_CHANGES = 4

/** @source AWS model mq 2017-11-27, UpdateBrokerRequest.securityGroups */
export const MAX_SECURITY_GROUPS = 5

/** @source Amazon MQ quotas page */
export const MAX_TAGS = 50
/** Characters (UTF-16 units) of a tag key. @source AWS tagging rules */
export const MAX_TAG_KEY_CHARACTERS = 128
/** Characters (UTF-16 units) of a tag value. @source AWS tagging rules */
export const MAX_TAG_VALUE_CHARACTERS = 256

/** @source AWS model mq 2017-11-27, CreateConfigurationRequest.name */
export const CONFIGURATION_NAME = /^[0-9A-Za-z._~-]{1,150}$/
/** @source Amazon MQ quotas page, configurations */
export const MAX_CONFIGURATIONS_PER_REGION = 1_000
/** @source Amazon MQ quotas page, configurations */
export const MAX_REVISIONS = 300
/** Configurations that DescribeBroker remembers. @source Amazon MQ quotas page, broker configuration history depth */
export const MAX_CONFIGURATION_HISTORY = 10
/** Sanitisation warnings that are answered. @source AWS model mq 2017-11-27, UpdateConfigurationResponse.warnings */
export const MAX_WARNINGS = 20
/** Bytes of a configuration's XML. AWS names no limit; this is a hundred times its default. */
export const MAX_CONFIGURATION_BYTES = 256 * 1024
/** Characters (UTF-16 units) of a revision's description. AWS names no limit. */
export const MAX_DESCRIPTION_CHARACTERS = 1_024

/** Longest `creatorRequestId`; SDKs send a UUID, Terraform about 60 characters. */
export const MAX_CREATOR_REQUEST_ID_CHARACTERS = 256

/** Items on a page when the caller does not say. @source AWS documentation of `maxResults` */
export const DEFAULT_PAGE_SIZE = 20
export const MAX_PAGE_SIZE = 100

/** @source Amazon MQ guide: a server, and one to fail over to */
export const MAX_LDAP_HOSTS = 2
/** A name or IPv4 address. @source RFC 1123 */
export const LDAP_HOST = /^(?=.{1,253}$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i
/** Of a name, base, filter or password of a directory. AWS names no limit. */
export const MAX_LDAP_TEXT = 1_024

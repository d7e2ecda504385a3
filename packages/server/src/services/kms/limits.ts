/** Keys of an account in a region. @source AWS KMS developer guide, resource quotas */
export const MAX_KEYS = 100_000
/** Aliases of one key. @source AWS KMS developer guide, resource quotas */
export const MAX_ALIASES = 50
/** Grants of one key. @source AWS KMS developer guide, resource quotas */
export const MAX_GRANTS = 50_000
/** Bytes of a key policy. @source AWS KMS developer guide, resource quotas */
export const MAX_POLICY_BYTES = 32 * 1024
/** Tags of one key. */
export const MAX_TAGS = 50
/** Rotations of one key that were asked for. @source RotateKeyOnDemand, API reference */
export const MAX_ON_DEMAND_ROTATIONS = 25
/** Bytes of an encryption context, keys and values together. */
export const MAX_CONTEXT_BYTES = 8_192
/** Days between ScheduleKeyDeletion and the end of the material. */
export const DELETION_WINDOW = { least: 7, most: 30, standard: 30 } as const
/** Days between automatic rotations, when nothing else is said. */
export const ROTATION_DAYS = 365
/** How long an import token is good for, in milliseconds. @source GetParametersForImport, API reference */
export const IMPORT_TOKEN_MILLIS: number = 24 * 60 * 60 * 1_000
/** How far ahead imported material may end, in milliseconds (365 days). @source ImportKeyMaterial, API reference */
export const MAX_IMPORT_MILLIS: number = 365 * 24 * 60 * 60 * 1_000
/** Items of a page, when nothing is said. @source API reference of each operation */
export const PAGE = { keys: 100, aliases: 50, grants: 50, tags: 50, rotations: 100, policies: 100 } as const
export const DAY_MILLIS: number = 24 * 60 * 60 * 1_000

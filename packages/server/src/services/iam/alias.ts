import { GLOBAL_REGION } from '#kernel/ids.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

const ALIAS = /^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/

/** @throws AwsError ValidationError */
export function checkAlias(alias: string): void {
  if (!ALIAS.test(alias)) throw iamErrors.badAlias()
}

/** Which account has an alias; aliases are unique over all accounts. */
export const aliasKey = (alias: string): RecordKey => ({
  collection: 'iam.alias',
  account: 'aliases',
  region: GLOBAL_REGION,
  id: alias,
})

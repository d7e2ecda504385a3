import { createHash } from 'node:crypto'
import type { AccountId } from '#kernel/ids.ts'

/** An account as S3 names owners: by a canonical id, which is made of the account's number here. */
export const ownerOf = (account: AccountId): { readonly ID: string; readonly DisplayName: string } => ({
  ID: createHash('sha256').update(`sluice canonical user ${account}`).digest('hex'),
  DisplayName: account,
})

/** What an ACL says while ACLs are off. */
export function ownersAcl(account: AccountId) {
  const owner = ownerOf(account)
  return {
    Owner: owner,
    Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' as const }, Permission: 'FULL_CONTROL' as const }],
  }
}

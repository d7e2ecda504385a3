import { isAccountId } from '#kernel/ids.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** No account is in an organization, and only a management account of one can delegate. */
export const organizationAdmins: {
  readonly RegisterOrganizationDelegatedAdmin: CloudTrailHandler<'RegisterOrganizationDelegatedAdmin'>
  readonly DeregisterOrganizationDelegatedAdmin: CloudTrailHandler<'DeregisterOrganizationDelegatedAdmin'>
} = {
  RegisterOrganizationDelegatedAdmin: ({ MemberAccountId }) => refuse(MemberAccountId),
  DeregisterOrganizationDelegatedAdmin: ({ DelegatedAdminAccountId }) => refuse(DelegatedAdminAccountId),
}

function refuse(account: string): never {
  if (!isAccountId(account)) throw cloudtrailErrors.parameter('An account id is twelve digits.')
  throw cloudtrailErrors.noOrganization()
}

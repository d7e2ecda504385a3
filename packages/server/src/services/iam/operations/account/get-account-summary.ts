import { findAccount } from '#services/iam/accounts.ts'
import {
  MAX_ACCESS_KEYS,
  MAX_ATTACHED,
  MAX_GROUPS,
  MAX_GROUPS_OF_USER,
  MAX_GROUP_POLICY_CHARS,
  MAX_INSTANCE_PROFILES,
  MAX_MANAGED_POLICY_CHARS,
  MAX_POLICIES,
  MAX_POLICY_VERSIONS,
  MAX_ROLES,
  MAX_ROLE_POLICY_CHARS,
  MAX_TRUST_CHARS,
  MAX_USERS,
  MAX_USER_POLICY_CHARS,
} from '#services/iam/limits.ts'
import { itemsOfRoot } from '#services/iam/held-items.ts'
import { MAX_SERVER_CERTIFICATES, SERVER_CERTIFICATES } from '#services/iam/server-certificates.ts'
import { SIGNING_CERTIFICATES } from '#services/iam/signing-certificates.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { allRecords } from '#services/iam/paging.ts'
import {
  GROUPS,
  INSTANCE_PROFILES,
  POLICIES,
  type PolicyRecord,
  ROLES,
  USERS,
  type UserRecord,
} from '#services/iam/records.ts'

const QUOTAS = {
  UsersQuota: MAX_USERS,
  GroupsQuota: MAX_GROUPS,
  RolesQuota: MAX_ROLES,
  PoliciesQuota: MAX_POLICIES,
  InstanceProfilesQuota: MAX_INSTANCE_PROFILES,
  GroupsPerUserQuota: MAX_GROUPS_OF_USER,
  AccessKeysPerUserQuota: MAX_ACCESS_KEYS,
  AttachedPoliciesPerUserQuota: MAX_ATTACHED,
  AttachedPoliciesPerGroupQuota: MAX_ATTACHED,
  AttachedPoliciesPerRoleQuota: MAX_ATTACHED,
  UserPolicySizeQuota: MAX_USER_POLICY_CHARS,
  GroupPolicySizeQuota: MAX_GROUP_POLICY_CHARS,
  RolePolicySizeQuota: MAX_ROLE_POLICY_CHARS,
  AssumeRolePolicySizeQuota: MAX_TRUST_CHARS,
  PolicySizeQuota: MAX_MANAGED_POLICY_CHARS,
  VersionsPerPolicyQuota: MAX_POLICY_VERSIONS,
  SigningCertificatesPerUserQuota: SIGNING_CERTIFICATES.most,
  ServerCertificatesQuota: MAX_SERVER_CERTIFICATES,
} as const

/** What the account has and may have. */
export function getAccountSummary({ records }: Pick<IamDeps, 'records'>): IamHandler<'GetAccountSummary'> {
  return async (_input, { account }) => {
    const count = async (collection: string): Promise<number> => (await allRecords(records, collection, account)).length
    const users = await allRecords<UserRecord>(records, USERS, account)
    const policies = await allRecords<PolicyRecord>(records, POLICIES, account)
    const root = await findAccount(records, account)
    const devices = users.reduce((sum, { mfaDevices = [] }) => sum + mfaDevices.length, 0)
    const rootCertificates = await itemsOfRoot(records, account, SIGNING_CERTIFICATES)
    const rootDevices = (root?.mfaDevices ?? []).length
    return {
      SummaryMap: {
        ...QUOTAS,
        Users: users.length,
        Groups: await count(GROUPS),
        Roles: await count(ROLES),
        InstanceProfiles: await count(INSTANCE_PROFILES),
        Policies: policies.length,
        PolicyVersionsInUse: policies.reduce((sum, { versions }) => sum + versions.length, 0),
        PolicyVersionsInUseQuota: MAX_POLICIES * MAX_POLICY_VERSIONS,
        GlobalEndpointTokenVersion: root?.globalEndpointTokenVersion ?? 1,
        ServerCertificates: await count(SERVER_CERTIFICATES),
        AccountSigningCertificatesPresent: Math.min(rootCertificates.length, 1),
        Providers: (await count('iam.oidc-provider')) + (await count('iam.saml-provider')),
        MFADevices: await count('iam.mfa-device'),
        MFADevicesInUse: devices + rootDevices,
        AccountMFAEnabled: Math.min(rootDevices, 1),
        AccountAccessKeysPresent: Math.min(root?.accessKeyIds.length ?? 0, 1),
        AccountPasswordPresent: 1,
      },
    }
  }
}

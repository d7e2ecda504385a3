import type { Service } from '#kernel/service.ts'
import { iamAccess } from '#services/iam/actions.ts'
import { groups, roles, users } from '#services/iam/identities.ts'
import { instanceProfiles } from '#services/iam/instance-profiles.ts'
import { mfaDevices } from '#services/iam/mfa-devices.ts'
import { oidcProviders } from '#services/iam/oidc-providers.ts'
import { customerPolicies } from '#services/iam/managed-policies.ts'
import { samlProviders } from '#services/iam/saml-providers.ts'
import type { IamDeps } from '#services/iam/operation.ts'
import { createAccessKey } from '#services/iam/operations/access-keys/create-access-key.ts'
import { deleteAccessKey } from '#services/iam/operations/access-keys/delete-access-key.ts'
import { getAccessKeyLastUsed } from '#services/iam/operations/access-keys/get-access-key-last-used.ts'
import { listAccessKeys } from '#services/iam/operations/access-keys/list-access-keys.ts'
import { updateAccessKey } from '#services/iam/operations/access-keys/update-access-key.ts'
import { createAccountAlias } from '#services/iam/operations/account/create-account-alias.ts'
import { deleteAccountAlias } from '#services/iam/operations/account/delete-account-alias.ts'
import { deleteAccountPasswordPolicy } from '#services/iam/operations/account/delete-account-password-policy.ts'
import { getAccountAuthorizationDetails } from '#services/iam/operations/account/get-account-authorization-details.ts'
import { getAccountPasswordPolicy } from '#services/iam/operations/account/get-account-password-policy.ts'
import { getAccountSummary } from '#services/iam/operations/account/get-account-summary.ts'
import { listAccountAliases } from '#services/iam/operations/account/list-account-aliases.ts'
import { updateAccountPasswordPolicy } from '#services/iam/operations/account/update-account-password-policy.ts'
import { attachPolicy } from '#services/iam/operations/attachments/attach-policy.ts'
import { deleteBoundary } from '#services/iam/operations/attachments/delete-boundary.ts'
import { detachPolicy } from '#services/iam/operations/attachments/detach-policy.ts'
import { listAttachedPolicies } from '#services/iam/operations/attachments/list-attached-policies.ts'
import { putBoundary } from '#services/iam/operations/attachments/put-boundary.ts'
import { addUserToGroup } from '#services/iam/operations/groups/add-user-to-group.ts'
import { createGroup } from '#services/iam/operations/groups/create-group.ts'
import { deleteGroup } from '#services/iam/operations/groups/delete-group.ts'
import { getGroup } from '#services/iam/operations/groups/get-group.ts'
import { listGroupsForUser } from '#services/iam/operations/groups/list-groups-for-user.ts'
import { listGroups } from '#services/iam/operations/groups/list-groups.ts'
import { removeUserFromGroup } from '#services/iam/operations/groups/remove-user-from-group.ts'
import { updateGroup } from '#services/iam/operations/groups/update-group.ts'
import { deleteInlinePolicy } from '#services/iam/operations/inline-policies/delete-inline-policy.ts'
import { getInlinePolicy } from '#services/iam/operations/inline-policies/get-inline-policy.ts'
import { listInlinePolicies } from '#services/iam/operations/inline-policies/list-inline-policies.ts'
import { putInlinePolicy } from '#services/iam/operations/inline-policies/put-inline-policy.ts'
import { addRoleToInstanceProfile } from '#services/iam/operations/instance-profiles/add-role-to-instance-profile.ts'
import { createInstanceProfile } from '#services/iam/operations/instance-profiles/create-instance-profile.ts'
import { deleteInstanceProfile } from '#services/iam/operations/instance-profiles/delete-instance-profile.ts'
import { getInstanceProfile } from '#services/iam/operations/instance-profiles/get-instance-profile.ts'
import { listInstanceProfilesForRole } from '#services/iam/operations/instance-profiles/list-instance-profiles-for-role.ts'
import { listInstanceProfiles } from '#services/iam/operations/instance-profiles/list-instance-profiles.ts'
import { removeRoleFromInstanceProfile } from '#services/iam/operations/instance-profiles/remove-role-from-instance-profile.ts'
import { createVirtualMfaDevice } from '#services/iam/operations/mfa/create-virtual-mfa-device.ts'
import { deactivateMfaDevice } from '#services/iam/operations/mfa/deactivate-mfa-device.ts'
import { deleteVirtualMfaDevice } from '#services/iam/operations/mfa/delete-virtual-mfa-device.ts'
import { enableMfaDevice } from '#services/iam/operations/mfa/enable-mfa-device.ts'
import { getMfaDevice } from '#services/iam/operations/mfa/get-mfa-device.ts'
import { listMfaDevices } from '#services/iam/operations/mfa/list-mfa-devices.ts'
import { listVirtualMfaDevices } from '#services/iam/operations/mfa/list-virtual-mfa-devices.ts'
import { resyncMfaDevice } from '#services/iam/operations/mfa/resync-mfa-device.ts'
import { changePassword } from '#services/iam/operations/passwords/change-password.ts'
import { createLoginProfile } from '#services/iam/operations/passwords/create-login-profile.ts'
import { deleteLoginProfile } from '#services/iam/operations/passwords/delete-login-profile.ts'
import { getLoginProfile } from '#services/iam/operations/passwords/get-login-profile.ts'
import { updateLoginProfile } from '#services/iam/operations/passwords/update-login-profile.ts'
import { createPolicyVersion } from '#services/iam/operations/policies/create-policy-version.ts'
import { createPolicy } from '#services/iam/operations/policies/create-policy.ts'
import { deletePolicyVersion } from '#services/iam/operations/policies/delete-policy-version.ts'
import { deletePolicy } from '#services/iam/operations/policies/delete-policy.ts'
import { getPolicyVersion } from '#services/iam/operations/policies/get-policy-version.ts'
import { getPolicy } from '#services/iam/operations/policies/get-policy.ts'
import { listEntitiesForPolicy } from '#services/iam/operations/policies/list-entities-for-policy.ts'
import { listPolicies } from '#services/iam/operations/policies/list-policies.ts'
import { listPolicyVersions } from '#services/iam/operations/policies/list-policy-versions.ts'
import { setDefaultPolicyVersion } from '#services/iam/operations/policies/set-default-policy-version.ts'
import { addClientId } from '#services/iam/operations/providers/change-client-ids.ts'
import { removeClientId } from '#services/iam/operations/providers/change-client-ids.ts'
import { createOpenIdConnectProvider } from '#services/iam/operations/providers/create-open-id-connect-provider.ts'
import { deleteOpenIdConnectProvider } from '#services/iam/operations/providers/delete-open-id-connect-provider.ts'
import { getOpenIdConnectProvider } from '#services/iam/operations/providers/get-open-id-connect-provider.ts'
import { listOpenIdConnectProviders } from '#services/iam/operations/providers/list-open-id-connect-providers.ts'
import { updateOpenIdConnectProviderThumbprint } from '#services/iam/operations/providers/update-open-id-connect-provider-thumbprint.ts'
import { generateCredentialReport } from '#services/iam/operations/reports/generate-credential-report.ts'
import { generateServiceLastAccessedDetails } from '#services/iam/operations/reports/generate-service-last-accessed-details.ts'
import { getCredentialReport } from '#services/iam/operations/reports/get-credential-report.ts'
import { getServiceLastAccessedDetailsWithEntities } from '#services/iam/operations/reports/get-service-last-accessed-details-with-entities.ts'
import { getServiceLastAccessedDetails } from '#services/iam/operations/reports/get-service-last-accessed-details.ts'
import { createRole } from '#services/iam/operations/roles/create-role.ts'
import { deleteRole } from '#services/iam/operations/roles/delete-role.ts'
import { getRole } from '#services/iam/operations/roles/get-role.ts'
import { listRoles } from '#services/iam/operations/roles/list-roles.ts'
import { updateAssumeRolePolicy } from '#services/iam/operations/roles/update-assume-role-policy.ts'
import { updateRoleDescription } from '#services/iam/operations/roles/update-role-description.ts'
import { updateRole } from '#services/iam/operations/roles/update-role.ts'
import { createSamlProvider } from '#services/iam/operations/saml/create-saml-provider.ts'
import { deleteSamlProvider } from '#services/iam/operations/saml/delete-saml-provider.ts'
import { getSamlProvider } from '#services/iam/operations/saml/get-saml-provider.ts'
import { listSamlProviders } from '#services/iam/operations/saml/list-saml-providers.ts'
import { updateSamlProvider } from '#services/iam/operations/saml/update-saml-provider.ts'
import { createServiceLinkedRole } from '#services/iam/operations/service-linked-roles/create-service-linked-role.ts'
import { deleteServiceLinkedRole } from '#services/iam/operations/service-linked-roles/delete-service-linked-role.ts'
import { getServiceLinkedRoleDeletionStatus } from '#services/iam/operations/service-linked-roles/get-service-linked-role-deletion-status.ts'
import { getContextKeysForCustomPolicy } from '#services/iam/operations/simulation/get-context-keys-for-custom-policy.ts'
import { getContextKeysForPrincipalPolicy } from '#services/iam/operations/simulation/get-context-keys-for-principal-policy.ts'
import { listPoliciesGrantingServiceAccess } from '#services/iam/operations/simulation/list-policies-granting-service-access.ts'
import { simulateCustomPolicy } from '#services/iam/operations/simulation/simulate-custom-policy.ts'
import { simulatePrincipalPolicy } from '#services/iam/operations/simulation/simulate-principal-policy.ts'
import { listTags } from '#services/iam/operations/tags/list-tags.ts'
import { tag } from '#services/iam/operations/tags/tag.ts'
import { untag } from '#services/iam/operations/tags/untag.ts'
import { uploadServerCertificate } from '#services/iam/operations/certificates/upload-server-certificate.ts'
import { getServerCertificate } from '#services/iam/operations/certificates/get-server-certificate.ts'
import { listServerCertificates } from '#services/iam/operations/certificates/list-server-certificates.ts'
import { updateServerCertificate } from '#services/iam/operations/certificates/update-server-certificate.ts'
import { deleteServerCertificate } from '#services/iam/operations/certificates/delete-server-certificate.ts'
import { uploadSigningCertificate } from '#services/iam/operations/certificates/upload-signing-certificate.ts'
import { listSigningCertificates } from '#services/iam/operations/certificates/list-signing-certificates.ts'
import { updateSigningCertificate } from '#services/iam/operations/certificates/update-signing-certificate.ts'
import { deleteSigningCertificate } from '#services/iam/operations/certificates/delete-signing-certificate.ts'
import { uploadSshPublicKey } from '#services/iam/operations/ssh-keys/upload-ssh-public-key.ts'
import { getSshPublicKey } from '#services/iam/operations/ssh-keys/get-ssh-public-key.ts'
import { listSshPublicKeys } from '#services/iam/operations/ssh-keys/list-ssh-public-keys.ts'
import { updateSshPublicKey } from '#services/iam/operations/ssh-keys/update-ssh-public-key.ts'
import { deleteSshPublicKey } from '#services/iam/operations/ssh-keys/delete-ssh-public-key.ts'
import { setSecurityTokenServicePreferences } from '#services/iam/operations/account/set-security-token-service-preferences.ts'
import { serverCertificates } from '#services/iam/server-certificates.ts'
import { ownPasswordPolicies } from '#services/iam/own-password.ts'
import { createUser } from '#services/iam/operations/users/create-user.ts'
import { deleteUser } from '#services/iam/operations/users/delete-user.ts'
import { getUser } from '#services/iam/operations/users/get-user.ts'
import { listUsers } from '#services/iam/operations/users/list-users.ts'
import { updateUser } from '#services/iam/operations/users/update-user.ts'

/** IAM: who there is in an account, and what each may do. */
export const iamService = (deps: IamDeps): Service<'iam'> => ({
  name: 'iam',
  operations: {
    CreateUser: createUser(deps),
    GetUser: getUser(deps),
    UpdateUser: updateUser(deps),
    DeleteUser: deleteUser(deps),
    ListUsers: listUsers(deps),
    TagUser: tag(deps, users),
    UntagUser: untag(deps, users),
    ListUserTags: listTags(deps, users),
    PutUserPolicy: putInlinePolicy(deps, users),
    GetUserPolicy: getInlinePolicy(deps, users),
    DeleteUserPolicy: deleteInlinePolicy(deps, users),
    ListUserPolicies: listInlinePolicies(deps, users),
    AttachUserPolicy: attachPolicy(deps, users),
    DetachUserPolicy: detachPolicy(deps, users),
    ListAttachedUserPolicies: listAttachedPolicies(deps, users),
    PutUserPermissionsBoundary: putBoundary(deps, users),
    DeleteUserPermissionsBoundary: deleteBoundary(deps, users),

    CreateAccessKey: createAccessKey(deps),
    UpdateAccessKey: updateAccessKey(deps),
    DeleteAccessKey: deleteAccessKey(deps),
    ListAccessKeys: listAccessKeys(deps),
    GetAccessKeyLastUsed: getAccessKeyLastUsed(deps),

    CreateGroup: createGroup(deps),
    GetGroup: getGroup(deps),
    UpdateGroup: updateGroup(deps),
    DeleteGroup: deleteGroup(deps),
    ListGroups: listGroups(deps),
    ListGroupsForUser: listGroupsForUser(deps),
    AddUserToGroup: addUserToGroup(deps),
    RemoveUserFromGroup: removeUserFromGroup(deps),
    PutGroupPolicy: putInlinePolicy(deps, groups),
    GetGroupPolicy: getInlinePolicy(deps, groups),
    DeleteGroupPolicy: deleteInlinePolicy(deps, groups),
    ListGroupPolicies: listInlinePolicies(deps, groups),
    AttachGroupPolicy: attachPolicy(deps, groups),
    DetachGroupPolicy: detachPolicy(deps, groups),
    ListAttachedGroupPolicies: listAttachedPolicies(deps, groups),

    CreateRole: createRole(deps),
    GetRole: getRole(deps),
    UpdateRole: updateRole(deps),
    UpdateRoleDescription: updateRoleDescription(deps),
    UpdateAssumeRolePolicy: updateAssumeRolePolicy(deps),
    DeleteRole: deleteRole(deps),
    ListRoles: listRoles(deps),
    TagRole: tag(deps, roles),
    UntagRole: untag(deps, roles),
    ListRoleTags: listTags(deps, roles),
    PutRolePolicy: putInlinePolicy(deps, roles),
    GetRolePolicy: getInlinePolicy(deps, roles),
    DeleteRolePolicy: deleteInlinePolicy(deps, roles),
    ListRolePolicies: listInlinePolicies(deps, roles),
    AttachRolePolicy: attachPolicy(deps, roles),
    DetachRolePolicy: detachPolicy(deps, roles),
    ListAttachedRolePolicies: listAttachedPolicies(deps, roles),
    PutRolePermissionsBoundary: putBoundary(deps, roles),
    DeleteRolePermissionsBoundary: deleteBoundary(deps, roles),

    CreatePolicy: createPolicy(deps),
    GetPolicy: getPolicy(deps),
    DeletePolicy: deletePolicy(deps),
    ListPolicies: listPolicies(deps),
    ListEntitiesForPolicy: listEntitiesForPolicy(deps),
    CreatePolicyVersion: createPolicyVersion(deps),
    GetPolicyVersion: getPolicyVersion(deps),
    DeletePolicyVersion: deletePolicyVersion(deps),
    ListPolicyVersions: listPolicyVersions(deps),
    SetDefaultPolicyVersion: setDefaultPolicyVersion(deps),
    TagPolicy: tag(deps, customerPolicies),
    UntagPolicy: untag(deps, customerPolicies),
    ListPolicyTags: listTags(deps, customerPolicies),

    CreateInstanceProfile: createInstanceProfile(deps),
    GetInstanceProfile: getInstanceProfile(deps),
    DeleteInstanceProfile: deleteInstanceProfile(deps),
    ListInstanceProfiles: listInstanceProfiles(deps),
    ListInstanceProfilesForRole: listInstanceProfilesForRole(deps),
    AddRoleToInstanceProfile: addRoleToInstanceProfile(deps),
    RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile(deps),
    TagInstanceProfile: tag(deps, instanceProfiles),
    UntagInstanceProfile: untag(deps, instanceProfiles),
    ListInstanceProfileTags: listTags(deps, instanceProfiles),

    CreateAccountAlias: createAccountAlias(deps),
    DeleteAccountAlias: deleteAccountAlias(deps),
    ListAccountAliases: listAccountAliases(deps),
    UpdateAccountPasswordPolicy: updateAccountPasswordPolicy(deps),
    GetAccountPasswordPolicy: getAccountPasswordPolicy(deps),
    DeleteAccountPasswordPolicy: deleteAccountPasswordPolicy(deps),
    GetAccountSummary: getAccountSummary(deps),
    GetAccountAuthorizationDetails: getAccountAuthorizationDetails(deps),

    CreateServiceLinkedRole: createServiceLinkedRole(deps),
    DeleteServiceLinkedRole: deleteServiceLinkedRole(deps),
    GetServiceLinkedRoleDeletionStatus: getServiceLinkedRoleDeletionStatus(deps),

    SimulateCustomPolicy: simulateCustomPolicy(deps),
    SimulatePrincipalPolicy: simulatePrincipalPolicy(deps),
    GetContextKeysForCustomPolicy: getContextKeysForCustomPolicy,
    GetContextKeysForPrincipalPolicy: getContextKeysForPrincipalPolicy(deps),
    ListPoliciesGrantingServiceAccess: listPoliciesGrantingServiceAccess(deps),
    GenerateServiceLastAccessedDetails: generateServiceLastAccessedDetails(deps),
    GetServiceLastAccessedDetails: getServiceLastAccessedDetails(deps),
    GetServiceLastAccessedDetailsWithEntities: getServiceLastAccessedDetailsWithEntities(deps),
    GenerateCredentialReport: generateCredentialReport(deps),
    GetCredentialReport: getCredentialReport(deps),

    CreateLoginProfile: createLoginProfile(deps),
    GetLoginProfile: getLoginProfile(deps),
    UpdateLoginProfile: updateLoginProfile(deps),
    DeleteLoginProfile: deleteLoginProfile(deps),
    ChangePassword: changePassword(deps),

    CreateVirtualMFADevice: createVirtualMfaDevice(deps),
    DeleteVirtualMFADevice: deleteVirtualMfaDevice(deps),
    ListVirtualMFADevices: listVirtualMfaDevices(deps),
    EnableMFADevice: enableMfaDevice(deps),
    ResyncMFADevice: resyncMfaDevice(deps),
    DeactivateMFADevice: deactivateMfaDevice(deps),
    ListMFADevices: listMfaDevices(deps),
    GetMFADevice: getMfaDevice(deps),
    TagMFADevice: tag(deps, mfaDevices),
    UntagMFADevice: untag(deps, mfaDevices),
    ListMFADeviceTags: listTags(deps, mfaDevices),

    CreateOpenIDConnectProvider: createOpenIdConnectProvider(deps),
    GetOpenIDConnectProvider: getOpenIdConnectProvider(deps),
    DeleteOpenIDConnectProvider: deleteOpenIdConnectProvider(deps),
    ListOpenIDConnectProviders: listOpenIdConnectProviders(deps),
    AddClientIDToOpenIDConnectProvider: addClientId(deps),
    RemoveClientIDFromOpenIDConnectProvider: removeClientId(deps),
    UpdateOpenIDConnectProviderThumbprint: updateOpenIdConnectProviderThumbprint(deps),
    TagOpenIDConnectProvider: tag(deps, oidcProviders),
    UntagOpenIDConnectProvider: untag(deps, oidcProviders),
    ListOpenIDConnectProviderTags: listTags(deps, oidcProviders),

    CreateSAMLProvider: createSamlProvider(deps),
    GetSAMLProvider: getSamlProvider(deps),
    UpdateSAMLProvider: updateSamlProvider(deps),
    DeleteSAMLProvider: deleteSamlProvider(deps),
    ListSAMLProviders: listSamlProviders(deps),
    TagSAMLProvider: tag(deps, samlProviders),
    UntagSAMLProvider: untag(deps, samlProviders),
    ListSAMLProviderTags: listTags(deps, samlProviders),

    SetSecurityTokenServicePreferences: setSecurityTokenServicePreferences(deps),

    UploadServerCertificate: uploadServerCertificate(deps),
    GetServerCertificate: getServerCertificate(deps),
    ListServerCertificates: listServerCertificates(deps),
    UpdateServerCertificate: updateServerCertificate(deps),
    DeleteServerCertificate: deleteServerCertificate(deps),
    TagServerCertificate: tag(deps, serverCertificates),
    UntagServerCertificate: untag(deps, serverCertificates),
    ListServerCertificateTags: listTags(deps, serverCertificates),

    UploadSigningCertificate: uploadSigningCertificate(deps),
    ListSigningCertificates: listSigningCertificates(deps),
    UpdateSigningCertificate: updateSigningCertificate(deps),
    DeleteSigningCertificate: deleteSigningCertificate(deps),

    UploadSSHPublicKey: uploadSshPublicKey(deps),
    GetSSHPublicKey: getSshPublicKey(deps),
    ListSSHPublicKeys: listSshPublicKeys(deps),
    UpdateSSHPublicKey: updateSshPublicKey(deps),
    DeleteSSHPublicKey: deleteSshPublicKey(deps),
  },
  access: iamAccess(deps),
  resourcePolicies: ownPasswordPolicies(deps.records),
  eventSource: 'iam.amazonaws.com',
  global: true,
  secrets: {
    CreateAccessKey: ['SecretAccessKey'],
    CreateLoginProfile: ['Password'],
    UpdateLoginProfile: ['Password'],
    ChangePassword: ['OldPassword', 'NewPassword'],
    CreateVirtualMFADevice: ['Base32StringSeed', 'QRCodePNG'],
    EnableMFADevice: ['AuthenticationCode1', 'AuthenticationCode2'],
    UploadServerCertificate: ['PrivateKey'],
    CreateSAMLProvider: ['AddPrivateKey'],
    UpdateSAMLProvider: ['AddPrivateKey'],
    ResyncMFADevice: ['AuthenticationCode1', 'AuthenticationCode2'],
  },
})

import type { OperationInput } from '#kernel/call.ts'
import type { AuditResource, Service } from '#kernel/service.ts'
import { deletionTaskTarget, keyOwnerTarget } from '#services/iam/access/indirect-targets.ts'
import {
  arnTarget,
  deviceArn,
  deviceTarget,
  newOidcTarget,
  newServiceLinkedTarget,
  newSamlTarget,
  oidcTarget,
  samlTarget,
} from '#services/iam/access/provider-targets.ts'
import { addRoleAccess } from '#services/iam/access/pass-role.ts'
import { type Output, accessTo, accessToCreate, accessToEach, accessToRename } from '#services/iam/access/target.ts'
import {
  ACCOUNT_TARGET,
  certificateTarget,
  groupTarget,
  listTarget,
  newTarget,
  policyTarget,
  profileTarget,
  roleTarget,
  userTarget,
} from '#services/iam/access/targets.ts'
import { groupArn, instanceProfileArn, policyArn, roleArn, userArn } from '#services/iam/arns.ts'
import { serverCertificateArn } from '#services/iam/server-certificates.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/**
 * Who may call what: every operation is checked against the ARN, with its path, of what it is about, and policies see
 * tags and boundary of that.
 * @source AWS service authorization reference, IAM
 */
export function iamAccess({ records }: { readonly records: RecordStore }): Service<'iam'>['access'] {
  const user = userTarget(records)
  const group = groupTarget(records)
  const role = roleTarget(records)
  const policy = policyTarget(records)
  const profile = profileTarget(records)
  const device = deviceTarget(records)
  const oidc = oidcTarget(records)
  const certificate = certificateTarget(records)
  const saml = samlTarget(records)
  return {
    CreateUser: accessToCreate(
      'CreateUser',
      'TagUser',
      newTarget('AWS::IAM::User', userArn, (input) => input.UserName),
    ),
    ListUsers: accessTo('ListUsers', listTarget(userArn)),
    ...accessToEach(['GetUser', 'DeleteUser', 'ListGroupsForUser'], user),
    UpdateUser: accessToRename('UpdateUser', user, (input: OperationInput<'iam', 'UpdateUser'>) => ({
      name: input.NewUserName,
      path: input.NewPath,
    })),
    ...accessToEach(['TagUser', 'UntagUser', 'ListUserTags'], user),
    ...accessToEach(['ListUserPolicies', 'ListAttachedUserPolicies'], user),
    ...accessToEach(['PutUserPolicy', 'GetUserPolicy', 'DeleteUserPolicy'], user, policyNamed),
    ...accessToEach(['AttachUserPolicy', 'DetachUserPolicy'], user, policyArnNamed),
    ...accessToEach(['PutUserPermissionsBoundary', 'DeleteUserPermissionsBoundary'], user),

    CreateAccessKey: accessTo('CreateAccessKey', user, (_input, output) => accessKeyNamed(createdKeyId(output))),
    ListAccessKeys: accessTo('ListAccessKeys', user),
    ...accessToEach(['UpdateAccessKey', 'DeleteAccessKey'], user, keyNamed),
    GetAccessKeyLastUsed: accessTo('GetAccessKeyLastUsed', keyOwnerTarget(records), keyNamed),

    CreateGroup: accessTo(
      'CreateGroup',
      newTarget('AWS::IAM::Group', groupArn, (input: OperationInput<'iam', 'CreateGroup'>) => input.GroupName),
    ),
    ListGroups: accessTo('ListGroups', listTarget(groupArn)),
    ...accessToEach(['GetGroup', 'DeleteGroup', 'AddUserToGroup', 'RemoveUserFromGroup'], group),
    UpdateGroup: accessToRename('UpdateGroup', group, (input: OperationInput<'iam', 'UpdateGroup'>) => ({
      name: input.NewGroupName,
      path: input.NewPath,
    })),
    ...accessToEach(['ListGroupPolicies', 'ListAttachedGroupPolicies'], group),
    ...accessToEach(['PutGroupPolicy', 'GetGroupPolicy', 'DeleteGroupPolicy'], group, policyNamed),
    ...accessToEach(['AttachGroupPolicy', 'DetachGroupPolicy'], group, policyArnNamed),

    CreateRole: accessToCreate(
      'CreateRole',
      'TagRole',
      newTarget('AWS::IAM::Role', roleArn, (input) => input.RoleName),
    ),
    ListRoles: accessTo('ListRoles', listTarget(roleArn)),
    ...accessToEach(['GetRole', 'UpdateRole', 'UpdateRoleDescription', 'UpdateAssumeRolePolicy', 'DeleteRole'], role),
    ...accessToEach(['TagRole', 'UntagRole', 'ListRoleTags'], role),
    ...accessToEach(['ListRolePolicies', 'ListAttachedRolePolicies', 'ListInstanceProfilesForRole'], role),
    ...accessToEach(['PutRolePolicy', 'GetRolePolicy', 'DeleteRolePolicy'], role, policyNamed),
    ...accessToEach(['AttachRolePolicy', 'DetachRolePolicy'], role, policyArnNamed),
    ...accessToEach(['PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'], role),

    CreatePolicy: accessToCreate(
      'CreatePolicy',
      'TagPolicy',
      newTarget('AWS::IAM::Policy', policyArn, (input) => input.PolicyName),
    ),
    ListPolicies: accessTo('ListPolicies', listTarget(policyArn)),
    ...accessToEach(['GetPolicy', 'DeletePolicy', 'ListEntitiesForPolicy'], policy),
    ...accessToEach(['CreatePolicyVersion', 'GetPolicyVersion', 'DeletePolicyVersion'], policy),
    ...accessToEach(['ListPolicyVersions', 'SetDefaultPolicyVersion'], policy),
    ...accessToEach(['TagPolicy', 'UntagPolicy', 'ListPolicyTags'], policy),

    CreateInstanceProfile: accessToCreate(
      'CreateInstanceProfile',
      'TagInstanceProfile',
      newTarget('AWS::IAM::InstanceProfile', instanceProfileArn, (input) => input.InstanceProfileName),
    ),
    ListInstanceProfiles: accessTo('ListInstanceProfiles', listTarget(instanceProfileArn)),
    ...accessToEach(['GetInstanceProfile', 'DeleteInstanceProfile'], profile),
    AddRoleToInstanceProfile: addRoleAccess(profile, role),
    RemoveRoleFromInstanceProfile: accessTo('RemoveRoleFromInstanceProfile', profile),
    ...accessToEach(['TagInstanceProfile', 'UntagInstanceProfile', 'ListInstanceProfileTags'], profile),

    ...accessToEach(['CreateAccountAlias', 'DeleteAccountAlias', 'ListAccountAliases'], ACCOUNT_TARGET),
    ...accessToEach(['UpdateAccountPasswordPolicy', 'DeleteAccountPasswordPolicy'], ACCOUNT_TARGET),
    ...accessToEach(['GetAccountPasswordPolicy', 'GetAccountSummary'], ACCOUNT_TARGET),
    GetAccountAuthorizationDetails: accessTo('GetAccountAuthorizationDetails', ACCOUNT_TARGET),

    CreateServiceLinkedRole: accessTo('CreateServiceLinkedRole', newServiceLinkedTarget),
    DeleteServiceLinkedRole: accessTo('DeleteServiceLinkedRole', role),
    GetServiceLinkedRoleDeletionStatus: accessTo('GetServiceLinkedRoleDeletionStatus', deletionTaskTarget),

    ...accessToEach(['SimulateCustomPolicy', 'GetContextKeysForCustomPolicy'], ACCOUNT_TARGET),
    ...accessToEach(['SimulatePrincipalPolicy', 'GetContextKeysForPrincipalPolicy'], arnTarget('PolicySourceArn')),
    ...accessToEach(['GenerateServiceLastAccessedDetails', 'ListPoliciesGrantingServiceAccess'], arnTarget('Arn')),
    ...accessToEach(['GetServiceLastAccessedDetails', 'GetServiceLastAccessedDetailsWithEntities'], ACCOUNT_TARGET),
    ...accessToEach(['GenerateCredentialReport', 'GetCredentialReport'], ACCOUNT_TARGET),

    ...accessToEach(['CreateLoginProfile', 'GetLoginProfile', 'UpdateLoginProfile', 'DeleteLoginProfile'], user),
    ChangePassword: accessTo('ChangePassword', user),

    CreateVirtualMFADevice: accessToCreate(
      'CreateVirtualMFADevice',
      'TagMFADevice',
      newTarget('AWS::IAM::VirtualMFADevice', deviceArn, (input) => input.VirtualMFADeviceName),
    ),
    ListVirtualMFADevices: accessTo('ListVirtualMFADevices', ACCOUNT_TARGET),
    DeleteVirtualMFADevice: accessTo('DeleteVirtualMFADevice', device),
    ...accessToEach(['EnableMFADevice', 'DeactivateMFADevice', 'ResyncMFADevice', 'ListMFADevices'], user),
    GetMFADevice: accessTo('GetMFADevice', user),
    ...accessToEach(['TagMFADevice', 'UntagMFADevice', 'ListMFADeviceTags'], device),

    CreateOpenIDConnectProvider: accessToCreate<OperationInput<'iam', 'CreateOpenIDConnectProvider'>>(
      'CreateOpenIDConnectProvider',
      'TagOpenIDConnectProvider',
      newOidcTarget,
    ),
    ListOpenIDConnectProviders: accessTo('ListOpenIDConnectProviders', ACCOUNT_TARGET),
    ...accessToEach(['GetOpenIDConnectProvider', 'DeleteOpenIDConnectProvider'], oidc),
    ...accessToEach(['AddClientIDToOpenIDConnectProvider', 'RemoveClientIDFromOpenIDConnectProvider'], oidc),
    UpdateOpenIDConnectProviderThumbprint: accessTo('UpdateOpenIDConnectProviderThumbprint', oidc),
    UploadServerCertificate: accessToCreate<OperationInput<'iam', 'UploadServerCertificate'>>(
      'UploadServerCertificate',
      'TagServerCertificate',
      newTarget('AWS::IAM::ServerCertificate', serverCertificateArn, (input) => input.ServerCertificateName),
    ),
    ListServerCertificates: accessTo('ListServerCertificates', listTarget(serverCertificateArn)),
    ...accessToEach(['GetServerCertificate', 'DeleteServerCertificate', 'TagServerCertificate'], certificate),
    ...accessToEach(['UntagServerCertificate', 'ListServerCertificateTags'], certificate),
    UpdateServerCertificate: accessToRename(
      'UpdateServerCertificate',
      certificate,
      (input: OperationInput<'iam', 'UpdateServerCertificate'>) => ({
        name: input.NewServerCertificateName,
        path: input.NewPath,
      }),
    ),
    ...accessToEach(['UploadSigningCertificate', 'ListSigningCertificates', 'UpdateSigningCertificate'], user),
    DeleteSigningCertificate: accessTo('DeleteSigningCertificate', user),
    ...accessToEach(['UploadSSHPublicKey', 'GetSSHPublicKey', 'ListSSHPublicKeys'], user),
    ...accessToEach(['UpdateSSHPublicKey', 'DeleteSSHPublicKey'], user),
    SetSecurityTokenServicePreferences: accessTo('SetSecurityTokenServicePreferences', ACCOUNT_TARGET),

    ...accessToEach(['TagOpenIDConnectProvider', 'UntagOpenIDConnectProvider', 'ListOpenIDConnectProviderTags'], oidc),

    CreateSAMLProvider: accessToCreate<OperationInput<'iam', 'CreateSAMLProvider'>>(
      'CreateSAMLProvider',
      'TagSAMLProvider',
      newSamlTarget,
    ),
    ListSAMLProviders: accessTo('ListSAMLProviders', ACCOUNT_TARGET),
    ...accessToEach(['GetSAMLProvider', 'UpdateSAMLProvider', 'DeleteSAMLProvider'], saml),
    ...accessToEach(['TagSAMLProvider', 'UntagSAMLProvider', 'ListSAMLProviderTags'], saml),
  }
}

const policyNamed = (input: { readonly PolicyName: string }): readonly AuditResource[] => [
  { type: 'AWS::IAM::Policy', name: input.PolicyName },
]
const policyArnNamed = (input: { readonly PolicyArn: string }): readonly AuditResource[] => [
  { type: 'AWS::IAM::Policy', name: input.PolicyArn },
]
const accessKeyNamed = (id: string | undefined): readonly AuditResource[] =>
  id === undefined ? [] : [{ type: 'AWS::IAM::AccessKey', name: id }]
const keyNamed = (input: { readonly AccessKeyId: string }): readonly AuditResource[] =>
  accessKeyNamed(input.AccessKeyId)

function createdKeyId(output: Output): string | undefined {
  const key = output?.['AccessKey']
  if (typeof key !== 'object' || key === null || !('AccessKeyId' in key)) return undefined
  return typeof key.AccessKeyId === 'string' ? key.AccessKeyId : undefined
}

import type { AccountId } from '#kernel/ids.ts'
import type { AccessScope, AuditResource } from '#kernel/service.ts'
import { type AccessTarget, resourceContext } from '#services/iam/access/target.ts'
import { groupArn, instanceProfileArn, roleArn, rootArn, userArn } from '#services/iam/arns.ts'
import { findNamed, findRole, findUser, groups } from '#services/iam/identities.ts'
import { findManagedPolicy } from '#services/iam/managed-policies.ts'
import { type GroupRecord, type InstanceProfileRecord, groupKey, instanceProfileKey } from '#services/iam/records.ts'
import {
  type ServerCertificateRecord,
  serverCertificateArn,
  serverCertificateKey,
} from '#services/iam/server-certificates.ts'
import { targetOf } from '#services/iam/target.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

type AboutUser = { readonly UserName?: string | undefined }
type AboutGroup = { readonly GroupName: string }
type AboutRole = { readonly RoleName: string }
type AboutPolicy = { readonly PolicyArn: string }
type AboutProfile = { readonly InstanceProfileName: string }
type AboutPath = { readonly PathPrefix?: string | undefined }

/** The user named, or the caller. Actions are checked against the ARN with its path, and see tags and boundary. */
export const userTarget = (records: RecordStore): AccessTarget<AboutUser> => ({
  check: async ({ UserName }, { account, principal }) => {
    const target = targetOf(UserName, principal)
    if (target.kind === 'root') return { resource: rootArn(account) }
    const user = await findUser(records, account, target.userName)
    return {
      resource: userArn(account, user?.value.path ?? '/', target.userName),
      ...(UserName === undefined ? {} : { shownAs: `user ${UserName}` }),
      context: resourceContext(user?.value),
    }
  },
  named: ({ UserName }, scope) => userNamed(UserName ?? callerName(scope)),
})

export const groupTarget = (records: RecordStore): AccessTarget<AboutGroup> => ({
  check: async ({ GroupName: name }, { account }) => {
    const group = await findNamed<GroupRecord>(records, groupKey(account, name), name, groups.nameOf)
    return { resource: groupArn(account, group?.value.path ?? '/', name), shownAs: `group ${name}` }
  },
  named: ({ GroupName: name }) => [{ type: 'AWS::IAM::Group', name }],
})

export const roleTarget = (records: RecordStore): AccessTarget<AboutRole> => ({
  check: async ({ RoleName: name }, { account }) => {
    const role = await findRole(records, account, name)
    return {
      resource: roleArn(account, role?.value.path ?? '/', name),
      shownAs: `role ${name}`,
      context: resourceContext(role?.value),
    }
  },
  named: ({ RoleName: name }) => [{ type: 'AWS::IAM::Role', name }],
})

export const policyTarget = (records: RecordStore): AccessTarget<AboutPolicy> => ({
  check: async ({ PolicyArn: arn }, { account }) => {
    const policy = await findManagedPolicy(records, account, arn)
    return { resource: arn, shownAs: `policy ${arn}`, context: resourceContext(policy?.record) }
  },
  named: ({ PolicyArn: name }) => [{ type: 'AWS::IAM::Policy', name }],
})

export const profileTarget = (records: RecordStore): AccessTarget<AboutProfile> => ({
  check: async ({ InstanceProfileName: name }, { account }) => {
    const key = instanceProfileKey(account, name)
    const profile = await findNamed<InstanceProfileRecord>(records, key, name, ({ profileName }) => profileName)
    return {
      resource: instanceProfileArn(account, profile?.value.path ?? '/', name),
      shownAs: `instance profile ${name}`,
      context: resourceContext(profile?.value),
    }
  },
  named: ({ InstanceProfileName: name }) => [{ type: 'AWS::IAM::InstanceProfile', name }],
})

export const certificateTarget = (records: RecordStore): AccessTarget<{ readonly ServerCertificateName: string }> => ({
  check: async ({ ServerCertificateName: name }, { account }) => {
    const key = serverCertificateKey(account, name)
    const found = await findNamed<ServerCertificateRecord>(records, key, name, (record) => record.name)
    return {
      resource: serverCertificateArn(account, found?.value.path ?? '/', name),
      shownAs: `server certificate ${name}`,
      context: resourceContext(found?.value),
    }
  },
  named: ({ ServerCertificateName: name }) => [{ type: 'AWS::IAM::ServerCertificate', name }],
})

/** Something that is being made: its ARN is known before it exists. */
export const newTarget = <Input extends { readonly Path?: string | undefined }>(
  type: string,
  arnOf: (account: AccountId, path: string, name: string) => string,
  nameOf: (input: Input) => string,
): AccessTarget<Input> => ({
  check: async (input, { account }) => ({ resource: arnOf(account, input.Path ?? '/', nameOf(input)) }),
  named: (input) => [{ type, name: nameOf(input) }],
})

/** A list: checked against the ARN of the path that it asks for. */
export const listTarget = (
  arnOf: (account: AccountId, path: string, name: string) => string,
): AccessTarget<AboutPath> => ({
  check: async ({ PathPrefix }, { account }) => ({ resource: arnOf(account, PathPrefix ?? '/', '') }),
  named: () => [],
})

/** Actions that have no resource. */
export const ACCOUNT_TARGET: AccessTarget<object> = {
  check: async () => ({ resource: '*' }),
  named: () => [],
}

const callerName = ({ principal }: AccessScope): string | undefined =>
  principal.kind === 'user' ? principal.userName : undefined
const userNamed = (name: string | undefined): readonly AuditResource[] =>
  name === undefined ? [] : [{ type: 'AWS::IAM::User', name }]

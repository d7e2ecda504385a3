import type { AccessCheck, AccessScope, AuditResource, OperationAccess, Service } from '#kernel/service.ts'
import { rootArn, userArn } from '#services/iam/records.ts'
import { targetOf } from '#services/iam/target.ts'
import { findUser } from '#services/iam/users.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

type AboutUser = { readonly UserName?: string | undefined }
type Tags = readonly { readonly Key: string; readonly Value: string }[]

/**
 * Who may call what. Actions on users are checked against the user's ARN with its path, and see its tags.
 * @source AWS service authorization reference, IAM
 */
export function iamAccess({ records }: { readonly records: RecordStore }): Service<'iam'>['access'] {
  const onUser = async (
    action: string,
    { UserName }: AboutUser,
    scope: AccessScope,
  ): Promise<readonly AccessCheck[]> => {
    const target = targetOf(UserName, scope.principal)
    if (target.kind === 'root') return [{ action, resource: rootArn(scope.account) }]
    const user = await findUser(records, scope.account, target.userName)
    return [
      {
        action,
        resource: userArn(scope.account, user?.value.path ?? '/', target.userName),
        ...(UserName === undefined ? {} : { shownAs: `user ${UserName}` }),
        context: tagContext(['aws:ResourceTag', 'iam:ResourceTag'], user?.value.tags ?? []),
      },
    ]
  }
  const access = <Input extends AboutUser>(
    operation: string,
    readOnly: boolean,
    more: (input: Input, output: Output) => readonly AuditResource[] = () => [],
  ): OperationAccess<Input> => ({
    category: 'management',
    readOnly,
    checks: (input, scope) => onUser(`iam:${operation}`, input, scope),
    resources: (input, output, scope) => [...userNamed(input.UserName ?? callerName(scope)), ...more(input, output)],
  })

  return {
    CreateUser: {
      category: 'management',
      readOnly: false,
      checks: (input, { account }) => {
        const { Tags: tags = [], PermissionsBoundary: boundary } = input
        const resource = userArn(account, input.Path ?? '/', input.UserName)
        const context = {
          ...tagContext(['aws:RequestTag'], tags),
          ...(tags.length === 0 ? {} : { 'aws:TagKeys': tags.map((tag) => tag.Key) }),
          ...(boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary }),
        }
        const create = { action: 'iam:CreateUser', resource, context }
        return tags.length === 0 ? [create] : [create, { action: 'iam:TagUser', resource, context }]
      },
      resources: (input) => userNamed(input.UserName),
    },
    GetUser: access('GetUser', true),
    ListUsers: {
      category: 'management',
      readOnly: true,
      checks: (input, { account }) => [
        { action: 'iam:ListUsers', resource: userArn(account, input.PathPrefix ?? '/', '') },
      ],
    },
    DeleteUser: access('DeleteUser', false),
    CreateAccessKey: access('CreateAccessKey', false, (_input, output) => accessKeyNamed(createdKeyId(output))),
    DeleteAccessKey: access<AboutUser & { readonly AccessKeyId: string }>('DeleteAccessKey', false, (input) =>
      accessKeyNamed(input.AccessKeyId),
    ),
    ListAccessKeys: access('ListAccessKeys', true),
    PutUserPolicy: access<AboutUser & AboutPolicy>('PutUserPolicy', false, policyNamed),
    GetUserPolicy: access<AboutUser & AboutPolicy>('GetUserPolicy', true, policyNamed),
    DeleteUserPolicy: access<AboutUser & AboutPolicy>('DeleteUserPolicy', false, policyNamed),
    ListUserPolicies: access('ListUserPolicies', true),
  }
}

type Output = Readonly<Record<string, unknown>> | undefined
type AboutPolicy = { readonly PolicyName: string }

const tagContext = (keys: readonly string[], tags: Tags): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.flatMap((tag) => keys.map((key) => [`${key}/${tag.Key}`, tag.Value])))

const callerName = ({ principal }: AccessScope): string | undefined =>
  principal.kind === 'user' ? principal.userName : undefined

const userNamed = (name: string | undefined): readonly AuditResource[] =>
  name === undefined ? [] : [{ type: 'AWS::IAM::User', name }]
const accessKeyNamed = (id: string | undefined): readonly AuditResource[] =>
  id === undefined ? [] : [{ type: 'AWS::IAM::AccessKey', name: id }]
const policyNamed = (input: AboutPolicy): readonly AuditResource[] => [
  { type: 'AWS::IAM::Policy', name: input.PolicyName },
]

function createdKeyId(output: Output): string | undefined {
  const key = output?.['AccessKey']
  if (typeof key !== 'object' || key === null || !('AccessKeyId' in key)) return undefined
  return typeof key.AccessKeyId === 'string' ? key.AccessKeyId : undefined
}

import type { OperationInput } from '#kernel/call.ts'
import type { Tag } from '#kernel/principal.ts'
import type { AccessCheck, Service } from '#kernel/service.ts'
import { stsErrors } from '#services/sts/errors.ts'
import type { StsDeps } from '#services/sts/operation.ts'
import { type RoleArn, parseRoleArn } from '#services/sts/role-arn.ts'
import { checkSecondFactor } from '#services/sts/second-factor.ts'

type Context = NonNullable<AccessCheck['context']>

/**
 * Who may call what. Assuming a role is decided by its trust policy; tags and a source identity take permissions of
 * their own, there and with the caller. A role that does not exist reads like one that does not trust the caller.
 * @source STS API reference; AWS service authorization reference, STS
 */
export const stsAccess = ({ sessions, clock }: StsDeps): Service<'sts'>['access'] => ({
  GetCallerIdentity: { category: 'management', readOnly: true, checks: 'none' },
  GetSessionToken: { category: 'management', readOnly: true, responseRecorded: true, checks: 'none' },
  DecodeAuthorizationMessage: {
    category: 'management',
    readOnly: true,
    checks: () => [{ action: 'sts:DecodeAuthorizationMessage', resource: '*' }],
  },
  GetAccessKeyInfo: {
    category: 'management',
    readOnly: true,
    checks: () => [{ action: 'sts:GetAccessKeyInfo', resource: '*' }],
  },
  GetFederationToken: {
    category: 'management',
    readOnly: true,
    responseRecorded: true,
    checks: (input, { account }) => {
      const resource = `arn:aws:sts::${account}:federated-user/${input.Name}`
      const context = { ...tagKeys(input.Tags), ...duration(input.DurationSeconds) }
      const token = { action: 'sts:GetFederationToken', resource, context }
      return (input.Tags ?? []).length === 0 ? [token] : [token, { action: 'sts:TagSession', resource, context }]
    },
  },
  AssumeRole: {
    category: 'management',
    readOnly: true,
    responseRecorded: true,
    checks: async (input, { account: caller, principal }) => {
      if (principal.kind === 'root') throw stsErrors.rootAssumes()
      const { arn, account } = parseRoleArn(input.RoleArn)
      const role = await sessions.role(arn)
      const by = { account: caller, principal, now: clock.now() }
      const proved = await checkSecondFactor(sessions, input, by)
      const context = { ...roleContext(input), ...resourceTags(role?.tags ?? []), ...(proved ? WITH_MFA : {}) }
      const needed = [
        'sts:AssumeRole',
        ...((input.Tags ?? []).length === 0 ? [] : ['sts:TagSession']),
        ...(input.SourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
      ]
      return needed.map((action) => onRole(action, { arn, account }, context))
    },
    resources: roleNamed,
  },
  // Decided where the response is read: only there it is known who asks.
  AssumeRoleWithSAML: {
    category: 'management',
    readOnly: true,
    responseRecorded: true,
    checks: 'none',
    unsignedAccount: ({ RoleArn }) => parseRoleArn(RoleArn).account,
    resources: roleNamed,
  },
  // Decided where the token is read: only there it is known who asks.
  AssumeRoleWithWebIdentity: {
    category: 'management',
    readOnly: true,
    responseRecorded: true,
    checks: 'none',
    unsignedAccount: ({ RoleArn }) => parseRoleArn(RoleArn).account,
    resources: roleNamed,
  },
})

const roleNamed = ({ RoleArn }: { readonly RoleArn: string }) => [{ type: 'AWS::IAM::Role', name: RoleArn }]

/** The role's policies see a second factor that comes with the call itself. */
const WITH_MFA: Context = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' }

const onRole = (action: string, { arn, account }: RoleArn, context: Context): AccessCheck => ({
  action,
  resource: arn,
  resourceAccount: account,
  resourcePolicyRequired: true,
  brief: true,
  context,
})

function roleContext(input: OperationInput<'sts', 'AssumeRole'>): Context {
  const { ExternalId, RoleSessionName, SourceIdentity, TransitiveTagKeys } = input
  return {
    'sts:RoleSessionName': RoleSessionName,
    ...(ExternalId === undefined ? {} : { 'sts:ExternalId': ExternalId }),
    ...(SourceIdentity === undefined ? {} : { 'sts:SourceIdentity': SourceIdentity }),
    ...(TransitiveTagKeys === undefined ? {} : { 'sts:TransitiveTagKeys': TransitiveTagKeys }),
    ...tagKeys(input.Tags),
    ...duration(input.DurationSeconds),
  }
}

const duration = (seconds: number | undefined): Context =>
  seconds === undefined ? {} : { 'sts:DurationSeconds': String(seconds) }

const tagKeys = (tags: readonly Tag[] = []): Context =>
  tags.length === 0
    ? {}
    : {
        ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
        'aws:TagKeys': tags.map(({ Key }) => Key),
      }

const resourceTags = (tags: readonly Tag[]): Context =>
  Object.fromEntries(
    tags.flatMap(({ Key, Value }) => [
      [`aws:ResourceTag/${Key}`, Value],
      [`iam:ResourceTag/${Key}`, Value],
    ]),
  )

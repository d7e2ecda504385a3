import { type AccountId, isAccountId } from '#kernel/ids.ts'

const arnOf =
  (type: string) =>
  (account: AccountId, path: string, name: string): string =>
    `arn:aws:iam::${account}:${type}${path}${name}`

// `path` begins and ends with a slash.
export const userArn: (account: AccountId, path: string, name: string) => string = arnOf('user')
export const groupArn: (account: AccountId, path: string, name: string) => string = arnOf('group')
export const roleArn: (account: AccountId, path: string, name: string) => string = arnOf('role')
export const policyArn: (account: AccountId, path: string, name: string) => string = arnOf('policy')
export const instanceProfileArn: (account: AccountId, path: string, name: string) => string = arnOf('instance-profile')
export const rootArn = (account: AccountId): string => `arn:aws:iam::${account}:root`

/** An ARN of IAM taken apart. */
export interface IamArn {
  readonly account: AccountId
  readonly type: 'user' | 'group' | 'role' | 'policy' | 'instance-profile' | 'mfa' | 'oidc-provider' | 'saml-provider'
  /** What stands behind the type and its slash: path and name. */
  readonly rest: string
  /** What stands behind the last slash. */
  readonly name: string
}

const ARN =
  /^arn:aws:iam::(\d{12}):(user|group|role|policy|instance-profile|mfa|oidc-provider|saml-provider)\/([^\s*?]+)$/

/** `undefined`: not the ARN of something that IAM keeps for an account. */
export function parseIamArn(arn: string): IamArn | undefined {
  const [, account = '', type, rest = ''] = ARN.exec(arn) ?? []
  if (!isAccountId(account) || type === undefined) return undefined
  return { account, type: type as IamArn['type'], rest, name: rest.slice(rest.lastIndexOf('/') + 1) }
}

import type { AccountDirectory } from '#services/iam/port.ts'

/** Temporary credentials as container credential providers answer them; `Expiration` is ISO 8601. */
export interface CredentialsView {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly Token: string
  readonly Expiration: string
}

export const credentialsView = ({
  accessKeyId,
  secret,
  token,
  expiresAt,
}: Awaited<ReturnType<AccountDirectory['rootSession']>>): CredentialsView => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secret,
  Token: token,
  Expiration: new Date(expiresAt).toISOString(),
})

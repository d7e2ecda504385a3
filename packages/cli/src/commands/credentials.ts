import type { ClientOptions, PlatformClient } from '#cli/platform-client.ts'

interface Issued {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly Token: string
  readonly Expiration: string
}

/** What an AWS `credential_process` prints: credentials of an account's root user, good for up to an hour. */
export async function credentialProcess(client: PlatformClient, account: string): Promise<string> {
  const path = `/_sluice/accounts/${encodeURIComponent(account)}/credentials`
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = await client.rest<Issued>('POST', path)
  return `${JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey, SessionToken: Token, Expiration })}\n`
}

/** Shell lines for what runs on this machine and finds its credentials as containers do. */
export async function containerLines(
  client: PlatformClient,
  account: string,
  { endpoint }: ClientOptions,
): Promise<string> {
  const { containerToken } = await client.rest<{ readonly containerToken: string }>(
    'GET',
    `/_sluice/accounts/${encodeURIComponent(account)}`,
  )
  const uri = new URL(`/_sluice/credentials/${account}`, endpoint).href
  return `export AWS_CONTAINER_CREDENTIALS_FULL_URI=${uri}\nexport AWS_CONTAINER_AUTHORIZATION_TOKEN=${containerToken}\n`
}

/** A profile for ~/.aws/config that gets its credentials from this command. */
export const profileLines = (profile: string, account: string, { endpoint, region }: ClientOptions): string =>
  [
    profile === 'default' ? '[default]' : `[profile ${profile}]`,
    `credential_process = sluice credentials --account ${account}`,
    `endpoint_url = ${endpoint}`,
    `region = ${region}`,
    '',
  ].join('\n')

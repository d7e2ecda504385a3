import type { PlatformClient } from '#cli/platform-client.ts'

interface Account {
  readonly id: string
  readonly name: string
  readonly createdAt?: number
}

interface MadeAccount extends Account {
  readonly accessKeyId: string
  readonly secret: string
}

/** An account to be made; with an access key id, the secret is read from standard input and never from the command line. */
export interface AskedAccount {
  readonly id: string
  readonly name?: string
  readonly accessKeyId?: string
}

/** Makes an account and prints its root key, which nothing shows again. */
export async function createAccount(
  client: PlatformClient,
  asked: AskedAccount,
  readSecret: () => Promise<string>,
): Promise<string> {
  const secret = asked.accessKeyId === undefined ? {} : { secret: (await readSecret()).trim() }
  const made = await client.rest<MadeAccount>('POST', '/_sluice/accounts', { ...asked, ...secret })
  return [
    `Account ${made.id} (${made.name}) is there. Its root key, shown this once:`,
    '',
    `  aws_access_key_id = ${made.accessKeyId}`,
    `  aws_secret_access_key = ${asked.accessKeyId === undefined ? made.secret : '(as you gave it)'}`,
    '',
    `Without it: sluice credentials --account ${made.id}`,
    '',
  ].join('\n')
}

/** The accounts of the platform, a line each. */
export async function listAccounts(client: PlatformClient): Promise<string> {
  const { accounts } = await client.rest<{ readonly accounts: readonly Account[] }>('GET', '/_sluice/accounts')
  return accounts.map(line).join('')
}

function line({ id, name, createdAt }: Account): string {
  const since = createdAt === undefined ? 'by configuration' : `made ${new Date(createdAt).toISOString()}`
  return `${id}  ${since.padEnd(29)}${name === id ? '' : `  ${name}`}\n`.replace(/ +\n$/, '\n')
}

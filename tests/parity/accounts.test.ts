import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'

const CLI = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const DEV = '777788889999'
const platform = filePlatform()

/** Runs the command as a tool would, beside the platform's data directory. */
async function sluice(
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly out: string }> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:SLUICE_|AWS_|NODE_OPTIONS$|FORCE_COLOR$)/.test(name),
  )
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    cwd: platform.scratch,
    env: { ...Object.fromEntries(inherited), SLUICE_DATA: platform.data },
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out }
}

const keyIn = (out: string): { readonly accessKeyId: string; readonly secret: string } => ({
  accessKeyId: /aws_access_key_id = (\S+)/.exec(out)?.[1] ?? '',
  secret: /aws_secret_access_key = (\S+)/.exec(out)?.[1] ?? '',
})
const whoIs = async (aws: Clients): Promise<string | undefined> =>
  (await aws.sts.send(new GetCallerIdentityCommand({}))).Arn

function everythingIn(path: string): string {
  const stat = statSync(path)
  if (stat.isFile()) return readFileSync(path, 'latin1')
  if (!stat.isDirectory()) return ''
  return readdirSync(path)
    .map((name) => everythingIn(join(path, name)))
    .join('')
}

test('an account is made with a root key that survives a restart, is sealed on the disk, and is shown once', async () => {
  const { code, out } = await sluice(['account', 'create', DEV, '--name', 'dev'])
  expect(code).toBe(0)
  const key = keyIn(out)
  expect(await whoIs(clients(platform.url, key))).toBe(`arn:aws:iam::${DEV}:root`)
  await platform.stop()
  const written = everythingIn(platform.data)
  expect(written).toContain(key.accessKeyId)
  expect(written).not.toContain(key.secret)
  await platform.start()
  expect(await whoIs(clients(platform.url, key))).toBe(`arn:aws:iam::${DEV}:root`)
  const listed = await sluice(['account', 'list'])
  expect(listed.out).toMatch(new RegExp(`^${DEV}  made \\S+ +dev$`, 'm'))
  expect(listed.out).not.toContain(key.secret)
  expect((await sluice(['account', 'create', DEV])).out).toContain(`The account ${DEV} was made before.`)
})

test('a root key of one’s own is read from standard input', async () => {
  const secret = 'chosen-elsewhere-0123456789'
  const { code } = await sluice(['account', 'create', '666677778888', '--access-key-id', 'MY_OWN_KEY'], `${secret}\n`)
  expect(code).toBe(0)
  expect(await whoIs(clients(platform.url, { accessKeyId: 'MY_OWN_KEY', secret }))).toBe(
    'arn:aws:iam::666677778888:root',
  )
})

test('accounts have nothing in common', async () => {
  const [one, two] = ['111122223333', '444455556666'].map((accessKeyId) =>
    clients(platform.url, { accessKeyId, secret: 'test' }),
  )
  if (one === undefined || two === undefined) throw new Error('there are two accounts')
  await one.iam.send(new CreateUserCommand({ UserName: 'bob' }))
  await one.logs.send(new CreateLogGroupCommand({ logGroupName: '/one' }))
  expect((await two.iam.send(new ListUsersCommand({}))).Users).toEqual([])
  expect((await two.logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([])
  await two.iam.send(new CreateUserCommand({ UserName: 'bob' }))
  await two.logs.send(new CreateLogGroupCommand({ logGroupName: '/one' }))
})

test('sluice credentials is a credential_process: good for every service, IAM too, and no longer than an hour', async () => {
  const { code, out } = await sluice(['credentials', '--account', DEV])
  expect(code).toBe(0)
  const answer = JSON.parse(out) as Readonly<Record<string, string | number>>
  expect(answer['Version']).toBe(1)
  expect(Date.parse(String(answer['Expiration'])) - Date.now()).toBeLessThanOrEqual(3_600_000)
  const aws = clients(platform.url, {
    accessKeyId: String(answer['AccessKeyId']),
    secret: String(answer['SecretAccessKey']),
    sessionToken: String(answer['SessionToken']),
  })
  expect(await whoIs(aws)).toBe(`arn:aws:iam::${DEV}:root`)
  expect((await aws.iam.send(new ListUsersCommand({}))).Users).toEqual([])
  expect((await sluice(['credentials', '--account', 'nonsense'])).code).toBe(1)
  const profile = await sluice(['credentials', '--account', DEV, '--profile', 'dev'])
  expect(profile.out).toContain(
    `[profile dev]\ncredential_process = sluice credentials --account ${DEV}\nendpoint_url = ${platform.url}\n`,
  )
})

test('an SDK gets its credentials as containers do', async () => {
  const { out } = await sluice(['credentials', '--account', DEV, '--container'])
  const variables = Object.fromEntries(
    [...out.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name = '', value]) => [name, value]),
  )
  expect(Object.keys(variables)).toEqual(['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'])
  const before = { ...process.env }
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, variables, { HOME: platform.scratch, AWS_EC2_METADATA_DISABLED: 'true' })
  try {
    const sts = new STSClient({ endpoint: platform.url, region: 'us-east-1', maxAttempts: 1 })
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${DEV}:root`)
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
})

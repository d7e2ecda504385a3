import { expect, test } from 'vitest'
import { createAccount, listAccounts } from '#cli/commands/account.ts'
import { credentialProcess, profileLines } from '#cli/commands/credentials.ts'
import type { PlatformClient } from '#cli/platform-client.ts'

/** A client that answers what it is told and remembers what it was asked. */
function scripted(answer: object): { readonly client: PlatformClient; readonly asked: unknown[] } {
  const asked: unknown[] = []
  const client: PlatformClient = {
    json: () => Promise.reject(new Error('no service is called')),
    rest: async (method, path, body) => {
      asked.push([method, path, body])
      return answer as never
    },
  }
  return { client, asked }
}
const noSecret = () => Promise.reject(new Error('nobody asked for a secret'))
const MADE = { id: '111122223333', name: 'dev', accessKeyId: 'AKIANEW', secret: 'made-secret' }

test('a new account is printed with its root key', async () => {
  const { client, asked } = scripted(MADE)
  const text = await createAccount(client, { id: '111122223333', name: 'dev' }, noSecret)
  expect(asked).toEqual([['POST', '/_sluice/accounts', { id: '111122223333', name: 'dev' }]])
  expect(text).toContain('aws_access_key_id = AKIANEW\n')
  expect(text).toContain('aws_secret_access_key = made-secret\n')
})

test('the secret of a given key is read from standard input, and not printed', async () => {
  const { client, asked } = scripted({ ...MADE, secret: 'given-secret-0123456' })
  const asking = { id: '111122223333', accessKeyId: 'MINE' }
  const text = await createAccount(client, asking, async () => 'given-secret-0123456\n')
  expect(asked).toEqual([['POST', '/_sluice/accounts', { ...asking, secret: 'given-secret-0123456' }]])
  expect(text).not.toContain('given-secret')
})

test('accounts are a line each', async () => {
  const accounts = [
    { id: '000000000000', name: '000000000000' },
    { id: '111122223333', name: 'dev', createdAt: 1_795_259_800_000 },
  ]
  expect(await listAccounts(scripted({ accounts }).client)).toBe(
    '000000000000  by configuration\n111122223333  made 2026-11-21T11:16:40.000Z  dev\n',
  )
})

test('credentials are printed as a credential_process prints them', async () => {
  const issued = { AccessKeyId: 'ASIA', SecretAccessKey: 's', Token: 't', Expiration: '2026-11-21T12:16:40.000Z' }
  const { client, asked } = scripted(issued)
  expect(JSON.parse(await credentialProcess(client, '111122223333'))).toEqual({
    Version: 1,
    AccessKeyId: 'ASIA',
    SecretAccessKey: 's',
    SessionToken: 't',
    Expiration: '2026-11-21T12:16:40.000Z',
  })
  expect(asked).toEqual([['POST', '/_sluice/accounts/111122223333/credentials', undefined]])
})

test('a profile runs this command', () => {
  const options = { endpoint: 'http://127.0.0.1:4566', region: 'eu-west-1', accessKeyId: 'a', secret: 'b' }
  expect(profileLines('dev', '111122223333', options)).toBe(
    '[profile dev]\ncredential_process = sluice credentials --account 111122223333\nendpoint_url = http://127.0.0.1:4566\nregion = eu-west-1\n',
  )
  expect(profileLines('default', '111122223333', options)).toContain('[default]\n')
})

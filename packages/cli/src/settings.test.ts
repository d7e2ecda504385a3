import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeDataDirectory } from '../../server/src/kernel/data-directory.ts'
import { clientOptions, configOf, operatorOptions, withConfigFlags } from '#cli/settings.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'settings-'))
  for (const name of Object.keys(process.env)) if (/^(?:SLUICE|AWS)_/.test(name)) vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true, force: true })
})

/** The configuration that a command line means. */
function parsed(...flags: readonly string[]) {
  let config: ReturnType<typeof configOf> | undefined
  const command = withConfigFlags(new Command('start'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action((given: Readonly<Record<string, unknown>>) => {
      config = configOf(given)
    })
  command.parse(flags, { from: 'user' })
  if (config === undefined) throw new Error('the command did not run')
  return config
}

function fileWith(text: string): string {
  const file = join(directory, 'other.toml')
  writeFileSync(file, text)
  return file
}

test('flags come before the environment, the environment before the file, the file before what is standard', () => {
  const file = fileWith('port = 1001\nhost = "127.0.0.3"\nlogLevel = "warn"\n')
  expect(parsed('--config', file)).toMatchObject({ port: 1001, host: '127.0.0.3', logLevel: 'warn' })
  vi.stubEnv('SLUICE_PORT', '1002')
  vi.stubEnv('SLUICE_HOST', '127.0.0.2')
  expect(parsed('--config', file)).toMatchObject({ port: 1002, host: '127.0.0.2', logLevel: 'warn' })
  expect(parsed('--config', file, '--port', '1003')).toMatchObject({ port: 1003, host: '127.0.0.2', logLevel: 'warn' })
  expect(parsed('--config', fileWith(''))).toMatchObject({ testing: false, java: '' })
})

test('every flag reaches its setting', () => {
  const flags = [
    '--host',
    '127.0.0.9',
    '--port',
    '0',
    '--data',
    '/d',
    '--cache',
    '/c',
    '--java',
    '/j',
    '--testing',
    '--log-level',
    'error',
    '--cors-origins',
    'https://app.example',
    '--iam-mode',
    'audit',
    '--policy-arn-in-denials',
    'false',
    '--audit-detail',
    'flow',
    '--ldap-ca-file',
    '/ca.pem',
  ]
  expect(parsed('--config', fileWith(''), ...flags, '--root-keys', '111122223333:AKIASUITE:secret')).toEqual({
    host: '127.0.0.9',
    port: 0,
    data: '/d',
    cache: '/c',
    java: '/j',
    testing: true,
    logLevel: 'error',
    corsOrigins: ['https://app.example'],
    iamMode: 'audit',
    policyArnInDenials: false,
    auditDetail: 'flow',
    ldapCaFile: '/ca.pem',
    // Without a flag: process lists show flags.
    kmsRootKey: '',
    rootKeys: [{ account: '111122223333', accessKeyId: 'AKIASUITE', secret: 'secret' }],
  })
})

test('a file that was named must be there', () => {
  expect(() => parsed('--config', join(directory, 'none.toml'))).toThrow(
    `there is no configuration file ${join(directory, 'none.toml')}`,
  )
})

test('a setting that nobody knows is an error, wherever it stands', () => {
  expect(() => parsed('--config', fileWith('prot = 1\n'))).toThrow('prot in')
  vi.stubEnv('SLUICE_PROT', '1')
  expect(() => parsed('--config', fileWith(''))).toThrow('SLUICE_PROT is not a setting of Sluice')
  expect(() => parsed('--prot', '1')).toThrow('unknown option')
  expect(() => parsed('--kms-root-key', 'x')).toThrow('unknown option')
})

const config = () => parsed('--config', fileWith(''), '--data', directory, '--port', '7001')

test('clients call the platform as root of the standard account, where the configuration says it is', () => {
  expect(clientOptions(config())).toEqual({
    endpoint: 'http://127.0.0.1:7001',
    region: 'us-east-1',
    accessKeyId: 'test',
    secret: 'test',
  })
})

test('a platform that runs on the data directory is found where it really listens', () => {
  const data = takeDataDirectory(directory)
  expect(clientOptions(config()).endpoint).toBe('http://127.0.0.1:7001')
  data.announce('http://127.0.0.1:39999')
  expect(clientOptions(config()).endpoint).toBe('http://127.0.0.1:39999')
  data.release()
})

test('what AWS tools would use comes first', () => {
  const data = takeDataDirectory(directory)
  data.announce('http://127.0.0.1:39999')
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://elsewhere:1')
  vi.stubEnv('AWS_DEFAULT_REGION', 'eu-west-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAME')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'mine')
  expect(clientOptions(config())).toEqual({
    endpoint: 'http://elsewhere:1',
    region: 'eu-west-1',
    accessKeyId: 'AKIAME',
    secret: 'mine',
  })
  vi.stubEnv('AWS_REGION', 'ap-northeast-1')
  expect(clientOptions(config()).region).toBe('ap-northeast-1')
  data.release()
})

test('who runs a platform is test/test on loopback, and else the key that the platform made, or a configured one', () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIASOMEBODY')
  const made = { accessKeyId: 'AKIAMADE', secret: 'made' }
  const as = (...more: readonly string[]) => {
    const { accessKeyId, secret } = operatorOptions(parsed('--config', fileWith(''), '--data', directory, ...more))
    return { accessKeyId, secret }
  }
  expect(as('--host', '0.0.0.0')).toEqual({ accessKeyId: 'test', secret: 'test' })
  writeFileSync(join(directory, 'credentials.json'), JSON.stringify({ account: '000000000000', ...made }))
  expect(as()).toEqual({ accessKeyId: 'test', secret: 'test' })
  expect(as('--host', '0.0.0.0')).toEqual(made)
  const configured = ['--root-keys', '111122223333:OTHER:other-secret,000000000000:MINE:my-secret']
  expect(as(...configured)).toEqual({ accessKeyId: 'MINE', secret: 'my-secret' })
  const data = takeDataDirectory(directory)
  data.announce('http://0.0.0.0:4566')
  expect(as()).toEqual(made)
  data.release()
  writeFileSync(join(directory, 'credentials.json'), '{}')
  expect(() => as('--host', '0.0.0.0')).toThrow('is not a root key')
})

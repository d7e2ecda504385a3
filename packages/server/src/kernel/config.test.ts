import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '#kernel/config.ts'

const directory = mkdtempSync(join(tmpdir(), 'sluice-config-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const file = (text: string): string => {
  const path = join(directory, 'sluice.toml')
  writeFileSync(path, text)
  return path
}

test('flags beat the environment, which beats the file, which beats the defaults', () => {
  const path = file('port = 1\nhost = "127.0.0.3"\nlogLevel = "warn"\n')
  const config = readConfig({ flags: { port: '3' }, env: { SLUICE_PORT: '2', SLUICE_HOST: '127.0.0.2' }, file: path })
  expect([config.port, config.host, config.logLevel, config.testing]).toEqual([3, '127.0.0.2', 'warn', false])
})

test.each([
  { name: 'an unknown key of the file', env: {}, text: 'prot = 1', says: 'prot' },
  { name: 'an unknown variable', env: { SLUICE_PROT: '1' }, text: '', says: 'SLUICE_PROT' },
  { name: 'a port that is none', env: { SLUICE_PORT: '99999' }, text: '', says: 'SLUICE_PORT is "99999"' },
  { name: 'a file that is not TOML', env: {}, text: '=', says: 'TOML' },
  { name: 'an unknown IAM mode', env: { SLUICE_IAM_MODE: 'off' }, text: '', says: 'cannot be switched off' },
  {
    name: 'an unknown audit detail',
    env: { SLUICE_AUDIT_DETAIL: 'all' },
    text: '',
    says: 'management, security, flow',
  },
  { name: 'an unknown log level', env: { SLUICE_LOG_LEVEL: 'loud' }, text: '', says: 'debug, info, warn, error' },
])('$name is an error that says so', ({ env, text, says }) => {
  expect(() => readConfig({ flags: {}, env, file: file(text) })).toThrow(says)
})

test('permissions are enforced unless somebody asks for an audit', () => {
  expect(readConfig({ flags: {}, env: {} }).iamMode).toBe('enforce')
  expect(readConfig({ flags: {}, env: { SLUICE_IAM_MODE: 'audit' } }).iamMode).toBe('audit')
  expect(readConfig({ flags: { iamMode: 'audit' }, env: { SLUICE_IAM_MODE: 'enforce' } }).iamMode).toBe('audit')
  for (const off of ['', 'Audit', 'off', 'soft', true])
    expect(() => readConfig({ flags: { iamMode: off }, env: {} })).toThrow('--iam-mode is')
})

test('the audit group has what AWS puts there, and the security stream, unless somebody asks for less or more', () => {
  expect(readConfig({ flags: {}, env: {} }).auditDetail).toBe('security')
  expect(readConfig({ flags: {}, env: { SLUICE_AUDIT_DETAIL: 'management' } }).auditDetail).toBe('management')
  expect(readConfig({ flags: { auditDetail: 'flow' }, env: {} }).auditDetail).toBe('flow')
})

test('origins of web pages are a list, in the file or with commas', () => {
  const origins = ['https://app.example', 'http://intranet:8080', 'vscode-webview://abc']
  const path = file(`corsOrigins = ${JSON.stringify(origins)}`)
  expect(readConfig({ flags: {}, env: {}, file: path }).corsOrigins).toEqual(origins)
  expect(readConfig({ flags: {}, env: { SLUICE_CORS_ORIGINS: origins.join(',') } }).corsOrigins).toEqual(origins)
  expect(readConfig({ flags: {}, env: {} }).corsOrigins).toEqual([])
})

test.each(['*', 'https://*.example', 'null', 'app.example', 'https://app.example/', 'https://user@app.example'])(
  '%s is no origin that may be let in',
  (origin) => {
    expect(() => readConfig({ flags: {}, env: { SLUICE_CORS_ORIGINS: origin } })).toThrow(
      'it must be origins such as https://app.example',
    )
  },
)

test('the root key of KMS is 32 bytes in base64, and is not repeated in errors', () => {
  const key = Buffer.alloc(32, 0xfb).toString('base64')
  expect(readConfig({ flags: {}, env: {} }).kmsRootKey).toBe('')
  expect(readConfig({ flags: {}, env: { SLUICE_KMS_ROOT_KEY: key } }).kmsRootKey).toBe(key)
  expect(readConfig({ flags: {}, env: {}, file: file(`kmsRootKey = "${key}"`) }).kmsRootKey).toBe(key)
  for (const bad of [
    key.slice(1),
    `${key}AAAA`,
    Buffer.alloc(16, 1).toString('base64'),
    'hunter2hunter2',
    `${key}\n`,
  ]) {
    const read = (): unknown => readConfig({ flags: {}, env: { SLUICE_KMS_ROOT_KEY: bad } })
    expect(read).toThrow('SLUICE_KMS_ROOT_KEY is not readable, but it must be 32 random bytes in base64')
    expect(read).not.toThrow(bad.trim())
  }
})

test('root keys are read from one variable, and their secrets are not repeated in errors', () => {
  expect(readConfig({ flags: {}, env: { SLUICE_ROOT_KEYS: '111122223333:KEYID:se:cret' } }).rootKeys).toEqual([
    { account: '111122223333', accessKeyId: 'KEYID', secret: 'se:cret' },
  ])
  const bad = (): unknown => readConfig({ flags: {}, env: { SLUICE_ROOT_KEYS: '1111:KEYID:hunter2hunter2' } })
  expect(bad).toThrow('SLUICE_ROOT_KEYS')
  expect(bad).not.toThrow('hunter2')
})

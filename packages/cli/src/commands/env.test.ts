import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { env, envHttps } from '#cli/commands/env.ts'

const options = { endpoint: 'http://127.0.0.1:4566', region: 'us-east-1', accessKeyId: 'test', secret: 'test' }

test('the lines are what a shell takes, one variable each', () => {
  expect(env(options)).toBe(
    'export AWS_ENDPOINT_URL=http://127.0.0.1:4566\n' +
      'export AWS_ACCESS_KEY_ID=test\n' +
      'export AWS_SECRET_ACCESS_KEY=test\n' +
      'export AWS_DEFAULT_REGION=us-east-1\n',
  )
})

test('with HTTPS the tools are told whom to trust as well', () => {
  expect(envHttps(options, '/home/me/my data')).toBe(
    env({ ...options, endpoint: 'https://127.0.0.1:4566' }) +
      "export AWS_CA_BUNDLE='/home/me/my data/ca/ca.pem'\n" +
      "export NODE_EXTRA_CA_CERTS='/home/me/my data/ca/ca.pem'\n",
  )
})

test('a value with a blank, a quote or a dollar is quoted', () => {
  expect(env({ ...options, secret: `a b'c$d` })).toContain(String.raw`export AWS_SECRET_ACCESS_KEY='a b'\''c$d'` + '\n')
  expect(env({ ...options, secret: '' })).toContain("export AWS_SECRET_ACCESS_KEY=''\n")
})

test('whatever the secret is, a shell reads exactly that and runs nothing', () => {
  const hostile = fc.constantFrom(
    "'",
    '"',
    '\\',
    '$',
    '`',
    ' ',
    ';',
    '&',
    '|',
    '(',
    '#',
    '!',
    '*',
    '~',
    '=',
    '\n',
    'a',
    'é',
  )
  const secrets = fc.sample(fc.string({ unit: hostile, minLength: 1, maxLength: 12 }), 30)
  const script = secrets
    .map((secret) => `${env({ ...options, secret })}printf '%s\\0' "$AWS_SECRET_ACCESS_KEY"\n`)
    .join('')
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout.split('\0').slice(0, -1)).toEqual(secrets)
})

import { expect, test } from 'vitest'
import { loginConfig } from '#engines/activemq/render/login-config.ts'
import type { LdapDirectory } from '#engines/broker-engine.ts'

const LDAP: LdapDirectory = {
  hosts: ['one.example.com', 'two.example.com'],
  serviceAccountUsername: String.raw`cn=Broker\, the "old" one,dc=example,dc=com`,
  serviceAccountPassword: 'service-secret',
  userBase: 'ou=people,dc=example,dc=com',
  userSearchMatching: '(uid={0})',
  userSearchSubtree: true,
  roleBase: 'ou=groups,dc=example,dc=com',
  roleName: 'cn',
  roleSearchMatching: '(member={0})',
  roleSearchSubtree: false,
}

test('passwords are decrypted with AES, and a changed file counts at the next start only', async () => {
  const text = await loginConfig(undefined, 'opener')
  expect(text).toMatch(/PropertiesLoginModule required\n\s+decrypt="true"\s+algorithm="PBEWithHMACSHA256AndAES_256"/)
  expect(text).not.toMatch(/reload|LDAP/)
})

test('beside a directory the platform’s own file is asked first, and its user gets in whatever the directory says', async () => {
  const text = await loginConfig(LDAP, 'opener')
  expect(
    [...text.matchAll(/jaas\.(\w+) (\w+)$/gm)].map(([, name, control]) => `${name ?? ''} ${control ?? ''}`),
  ).toEqual(['PropertiesLoginModule sufficient', 'EncryptableLDAPLoginModule required'])
})

test('servers are asked over TLS, one after the other, in the order given', async () => {
  expect(await loginConfig(LDAP, 'opener')).toContain(
    'connectionURL="ldaps://one.example.com:636 ldaps://two.example.com:636"',
  )
})

test('the password of the service account is encrypted, and what Java would read as an escape is none', async () => {
  const text = await loginConfig(LDAP, 'opener')
  expect(text).not.toContain('service-secret')
  expect(text).toMatch(/connectionPassword="ENC\([\w+/=]+\)"/)
  expect(text).toContain(String.raw`connectionUsername="cn=Broker\\, the \"old\" one,dc=example,dc=com"`)
  expect(text).not.toContain('userRoleName')
})

test('a value that Java would replace never reaches the file', async () => {
  await expect(loginConfig({ ...LDAP, userBase: 'ou=${java.home}' }, 'opener')).rejects.toThrow('Java would replace')
  await expect(loginConfig({ ...LDAP, userBase: 'ou=a\n"' }, 'opener')).rejects.toThrow('cannot be used')
})

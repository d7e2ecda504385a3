import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { groupsProperties, jettyRealm, usersProperties } from '#engines/activemq/render/users.ts'
import type { BrokerUser } from '#engines/broker-engine.ts'

const PLATFORM = { username: 'sluice-platform-1', password: 'platform-secret' }
const HOSTILE = ' p ä<&>"\'=:,#\\!€😀 '

const user = (username: string, more: Partial<BrokerUser> = {}): BrokerUser => ({
  username,
  password: HOSTILE,
  groups: [],
  consoleAccess: false,
  ...more,
})

/** jasypt's own way back: salt and vector of 16 bytes before the text. */
function decrypt(value: string, password: string): string {
  const sealed = Buffer.from(/^ENC\((.+)\)$/.exec(value)?.[1] ?? '', 'base64')
  const key = pbkdf2Sync(password, sealed.subarray(0, 16), 1_000, 32, 'sha256')
  const decipher = createDecipheriv('aes-256-cbc', key, sealed.subarray(16, 32))
  return Buffer.concat([decipher.update(sealed.subarray(32)), decipher.final()]).toString('utf8')
}

test('passwords are in users.properties encrypted only, each in its own way', async () => {
  const text = await usersProperties([user('alice'), user('bob')], PLATFORM, 'opener')
  const entries = new Map(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s, 2) as [string, string]),
  )
  expect([...entries.keys()]).toEqual(['alice', 'bob', 'sluice-platform-1'])
  expect(decrypt(entries.get('alice') ?? '', 'opener')).toBe(HOSTILE)
  expect(decrypt(entries.get('sluice-platform-1') ?? '', 'opener')).toBe('platform-secret')
  expect(entries.get('alice')).not.toBe(entries.get('bob'))
  expect(() => decrypt(entries.get('alice') ?? '', 'other')).toThrow()
})

test('a group is a line with its users, each once', () => {
  const users = [
    user('alice', { groups: ['admins', 'devs', 'admins'] }),
    user('bob', { groups: ['devs'] }),
    user('carol'),
  ]
  expect(groupsProperties(users, PLATFORM)).toBe(
    'activemq-webconsole=sluice-platform-1\nadmins=alice\ndevs=alice,bob\n',
  )
})

test('a comma in a name would make two users of one, so it is refused', () => {
  expect(() => groupsProperties([user('al,ice', { groups: ['devs'] })], PLATFORM)).toThrow('holds a comma')
})

test('the console knows users with console access and the platform, by digest', () => {
  const text = jettyRealm([user('alice', { consoleAccess: true }), user('bob')], PLATFORM)
  const digest = (password: string): string => createHash('md5').update(Buffer.from(password, 'utf8')).digest('hex')
  expect(text).toBe(
    `alice=MD5:${digest(HOSTILE)},admin\nsluice-platform-1=MD5:${digest('platform-secret')},platform,admin\n`,
  )
})

test('only the platform has the role that opens /api', () => {
  const text = jettyRealm([user('alice', { consoleAccess: true, groups: ['platform'] })], PLATFORM)
  expect(text.split('\n').filter((line) => /\bplatform,|,platform\b/.test(line))).toEqual([
    expect.stringMatching(/^sluice-platform-1=/),
  ])
})

import { createHash } from 'node:crypto'
import { encryptProperty } from '#engines/activemq/encryption.ts'
import { propertiesText } from '#engines/activemq/render/properties.ts'
import type { PlatformUser } from '#engines/activemq/run-secrets.ts'
import type { BrokerUser } from '#engines/broker-engine.ts'

/** Jetty's role of users with console access. AWS knows no lesser one: who sees the console may act in it. */
export const CONSOLE_ROLE = 'admin'
/** Jetty's role of the platform's own user, who alone may call `/api/*`. */
export const PLATFORM_ROLE = 'platform'

/** `users.properties`: passwords as only a process with the encryption password in its environment can read them. */
export async function usersProperties(
  users: readonly BrokerUser[],
  platform: PlatformUser,
  encryptionPassword: string,
): Promise<string> {
  const everyone = [...users, platform]
  return propertiesText(
    await Promise.all(
      everyone.map(
        async ({ username, password }) => [username, await encryptProperty(password, encryptionPassword)] as const,
      ),
    ),
  )
}

/** AWS's group of the console: an authorization map that leaves it out shuts the console out. @source Amazon MQ guide */
const CONSOLE_GROUP = 'activemq-webconsole'

/** The same for brokers whose users are in a directory; who is in it there may use the console. @source Amazon MQ guide */
export const LDAP_CONSOLE_GROUP = 'amazonmq-console-admins'

/** `groups.properties`: a line a group, with its users; the console acts in the broker as the platform's own user. */
export function groupsProperties(users: readonly BrokerUser[], platform: PlatformUser): string {
  return groupsText(users, [CONSOLE_GROUP], platform)
}

/** The same beside a directory. Jetty's roles are groups there, so the platform's own role has a name that no directory has. */
export const ldapGroupsProperties = (platform: PlatformUser): string =>
  groupsText([], [LDAP_CONSOLE_GROUP, platform.username], platform)

function groupsText(users: readonly BrokerUser[], ofPlatform: readonly string[], platform: PlatformUser): string {
  const members = new Map<string, string[]>(ofPlatform.map((group) => [group, [platform.username]]))
  for (const { username, groups } of users) {
    for (const group of new Set(groups)) members.set(group, [...(members.get(group) ?? []), checkListed(username)])
  }
  return propertiesText([...members].map(([group, names]) => [group, names.join(',')]))
}

/** `jetty-realm.properties`: who may use the console, with digests of their passwords. */
export function jettyRealm(users: readonly BrokerUser[], platform: PlatformUser): string {
  const console = users.filter(({ consoleAccess }) => consoleAccess)
  return propertiesText([
    ...console.map(({ username, password }) => [asReceived(username), `${digest(password)},${CONSOLE_ROLE}`] as const),
    [platform.username, `${digest(platform.password)},${PLATFORM_ROLE},${CONSOLE_ROLE}`],
  ])
}

/** The strongest form that Jetty's realm file knows for passwords of any length. */
const digest = (password: string): string => `MD5:${createHash('md5').update(password, 'utf8').digest('hex')}`

/** Browsers and curl send UTF-8, Jetty reads Latin-1: the name must be written as it will be read. */
const asReceived = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** A comma would make one user of a group into two. */
function checkListed(username: string): string {
  if (username.includes(','))
    throw new Error(`the user name ${JSON.stringify(username)} cannot be in a group: it holds a comma`)
  return username
}

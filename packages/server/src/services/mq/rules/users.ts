import type { BrokerUser } from '#engines/broker-engine.ts'
import { mqErrors } from '#services/mq/errors.ts'
import {
  MAX_GROUPS_PER_USER,
  MAX_USERS_PER_BROKER,
  PASSWORD_CHARACTERS,
  USER_OR_GROUP_NAME,
} from '#services/mq/limits.ts'

/** A user as requests give it. */
export interface UserInput {
  readonly Username?: string | undefined
  readonly Password?: string | undefined
  readonly Groups?: readonly string[] | undefined
  readonly ConsoleAccess?: boolean | undefined
  readonly ReplicationUser?: boolean | undefined
}

const NAME_RULE = '2 to 100 letters, numbers, dashes, periods, underscores, and tildes (- . _ ~)'
// Control characters would let a password break out of its line in the broker's files.
const FORBIDDEN_IN_PASSWORDS = /[,:=\p{Cc}\u2028\u2029]/u

/**
 * The users of a new broker with simple authentication. No message holds a password.
 * @throws AwsError BadRequestException
 */
export function checkUsers(users: readonly UserInput[] | undefined): readonly BrokerUser[] {
  if (users === undefined || users.length === 0)
    throw mqErrors.badRequest('Specify at least one user for engine type [ACTIVEMQ].', 'users')
  return checkSpareUsers(users)
}

/**
 * The users of a new broker that takes its clients from a directory. Terraform cannot leave users out, and AWS takes them:
 * they log in nowhere, but serve network connectors, and are there when the strategy changes.
 * @throws AwsError BadRequestException
 */
export function checkSpareUsers(users: readonly UserInput[] = []): readonly BrokerUser[] {
  checkUserCount(users.length)
  const checked = users.map(checkUser)
  const names = new Set<string>()
  for (const { username } of checked) {
    if (names.has(username)) throw mqErrors.badRequest(`Username [${username}] is used more than once.`, 'users')
    names.add(username)
  }
  return checked
}

/** @throws AwsError BadRequestException when a broker would have more users than AWS allows */
export function checkUserCount(count: number): void {
  if (count > MAX_USERS_PER_BROKER)
    throw mqErrors.badRequest(`Specify at most ${String(MAX_USERS_PER_BROKER)} users.`, 'users')
}

/** One new user. @throws AwsError BadRequestException */
export function checkUser(user: UserInput): BrokerUser {
  checkReplicationUser(user)
  return {
    username: checkUsername(user.Username ?? ''),
    password: checkPassword(user.Password ?? ''),
    groups: checkGroups(user.Groups ?? []),
    consoleAccess: user.ConsoleAccess ?? false,
  }
}

/** @throws AwsError BadRequestException when the user is to serve data replication, which is not built */
export function checkReplicationUser(user: Pick<UserInput, 'ReplicationUser' | 'ConsoleAccess'>): void {
  if (user.ReplicationUser !== true) return
  if (user.ConsoleAccess === true) {
    throw mqErrors.badRequest(
      "Replication user couldn't have console access. [replicationUser] and [consoleAccess] are mutually exclusive parameters.",
      'replicationUser',
    )
  }
  throw mqErrors.notBuilt('replicationUser', 'Leave it out, or set it to false.')
}

function checkUsername(name: string): string {
  if (USER_OR_GROUP_NAME.test(name)) return name
  throw mqErrors.badRequest(`Username [${name.slice(0, 100)}] is invalid. Use ${NAME_RULE}.`, 'username')
}

/** @throws AwsError BadRequestException; the message does not hold the password */
export function checkPassword(password: string): string {
  const { min, max, unique } = PASSWORD_CHARACTERS
  const characters = Array.from(password)
  if (characters.length < min || characters.length > max) {
    throw mqErrors.badRequest(
      `Password is invalid. Enter a password ${String(min)} to ${String(max)} characters long.`,
      'password',
    )
  }
  if (new Set(characters).size < unique) {
    throw mqErrors.badRequest(
      `Password is invalid. Enter a password with at least ${String(unique)} unique characters.`,
      'password',
    )
  }
  if (FORBIDDEN_IN_PASSWORDS.test(password) || !password.isWellFormed()) {
    throw mqErrors.badRequest(
      'Password is invalid. Enter a password without commas, colons, equal signs (,:=), and control characters.',
      'password',
    )
  }
  return password
}

/** The groups without repetitions. @throws AwsError BadRequestException */
export function checkGroups(groups: readonly string[]): readonly string[] {
  if (groups.length > MAX_GROUPS_PER_USER) {
    throw mqErrors.badRequest(`Specify at most ${String(MAX_GROUPS_PER_USER)} groups for a user.`, 'groups')
  }
  for (const group of groups) {
    if (!USER_OR_GROUP_NAME.test(group)) {
      throw mqErrors.badRequest(`Group [${group.slice(0, 100)}] is invalid. Use ${NAME_RULE}.`, 'groups')
    }
  }
  return [...new Set(groups)]
}

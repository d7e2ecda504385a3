import type { BrokerRecord, StoredUser } from '#services/mq/broker-record.ts'

/** What the next reboot does to a user, as AWS names it. */
export type PendingChange = 'CREATE' | 'UPDATE' | 'DELETE'

/** A user as it is, and as it will be; both are the same when nothing waits. */
export interface UserState {
  readonly username: string
  /** Missing: the broker does not know the user yet. */
  readonly applied?: StoredUser
  /** Missing: the user goes with the next reboot. */
  readonly desired?: StoredUser
  readonly pendingChange?: PendingChange
}

type Settings = Pick<BrokerRecord, 'applied' | 'desired'>

/** Every user that a broker has or will have: those it has in their order, then the new ones. */
export function userStates({ applied, desired }: Settings): readonly UserState[] {
  // A broker that has never started has nothing that waits for a reboot: it starts with all of them.
  const before = applied?.users ?? desired.users
  const kept = before.map((user) => state(user.username, user, find(desired.users, user.username)))
  const added = desired.users.filter(({ username }) => find(before, username) === undefined)
  return [...kept, ...added.map((user) => state(user.username, undefined, user))]
}

/** One user that a broker has or will have. */
export const userState = (settings: Settings, username: string): UserState | undefined =>
  userStates(settings).find((user) => user.username === username)

function state(username: string, applied: StoredUser | undefined, desired: StoredUser | undefined): UserState {
  const pendingChange = pending(applied, desired)
  return {
    username,
    ...(applied === undefined ? {} : { applied }),
    ...(desired === undefined ? {} : { desired }),
    ...(pendingChange === undefined ? {} : { pendingChange }),
  }
}

function pending(applied: StoredUser | undefined, desired: StoredUser | undefined): PendingChange | undefined {
  if (applied === undefined) return 'CREATE'
  if (desired === undefined) return 'DELETE'
  return isSame(applied, desired) ? undefined : 'UPDATE'
}

// The same password sealed twice is two texts: a password that was sent again counts as a change.
const isSame = (a: StoredUser, b: StoredUser): boolean =>
  a.sealedPassword === b.sealedPassword &&
  a.consoleAccess === b.consoleAccess &&
  a.groups.length === b.groups.length &&
  a.groups.every((group, index) => group === b.groups[index])

const find = (users: readonly StoredUser[], username: string): StoredUser | undefined =>
  users.find((user) => user.username === username)

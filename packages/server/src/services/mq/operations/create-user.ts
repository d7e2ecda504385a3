import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerKeys } from '#services/mq/broker-keys.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { changeSettings } from '#services/mq/change-settings.ts'
import { sealPassword } from '#services/mq/broker-passwords.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { checkUser, checkUserCount } from '#services/mq/rules/users.ts'

/** Keeps a new user; the broker knows it from its next reboot on. */
export const createUser =
  ({
    store,
    keys,
  }: {
    readonly store: BrokerStore
    readonly keys: BrokerKeys
  }): Handler<OperationInput<'mq', 'CreateUser'>, OperationOutput<'mq', 'CreateUser'>> =>
  async ({ BrokerId: brokerId, ...input }, ctx) => {
    const { password, ...user } = checkUser(input)
    const { username } = user
    const sealedPassword = await sealPassword({ store, keys }, password, brokerId, username, ctx)
    await changeSettings(store, brokerId, ctx, ({ desired }) => {
      if (desired.users.some((known) => known.username === username))
        throw mqErrors.conflict(`A user with the name [${username}] already exists. Use a different name.`, 'username')
      checkUserCount(desired.users.length + 1)
      return { ...desired, users: [...desired.users, { ...user, sealedPassword }] }
    })
    return {}
  }

import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { Sealer } from '#kernel/secrets.ts'
import { passwordContext } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { changeSettings } from '#services/mq/change-settings.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { checkUser, checkUserCount } from '#services/mq/rules/users.ts'

/** Keeps a new user; the broker knows it from its next reboot on. */
export const createUser =
  ({
    store,
    sealer,
  }: {
    readonly store: BrokerStore
    readonly sealer: Sealer
  }): Handler<OperationInput<'mq', 'CreateUser'>, OperationOutput<'mq', 'CreateUser'>> =>
  async ({ BrokerId: brokerId, ...input }, ctx) => {
    const { password, ...user } = checkUser(input)
    const { username } = user
    const sealedPassword = sealer.seal(password, passwordContext(brokerId, username))
    await changeSettings(store, brokerId, ctx, ({ desired }) => {
      if (desired.users.some((known) => known.username === username))
        throw mqErrors.conflict(`A user with the name [${username}] already exists. Use a different name.`, 'username')
      checkUserCount(desired.users.length + 1)
      return { ...desired, users: [...desired.users, { ...user, sealedPassword }] }
    })
    return {}
  }

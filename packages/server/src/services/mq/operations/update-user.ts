import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerKeys } from '#services/mq/broker-keys.ts'
import type { StoredUser } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { changeSettings } from '#services/mq/change-settings.ts'
import { sealPassword } from '#services/mq/broker-passwords.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { checkGroups, checkPassword, checkReplicationUser } from '#services/mq/rules/users.ts'

/** Keeps what was asked for; what is not mentioned stays. The broker knows it from its next reboot on. */
export const updateUser =
  ({
    store,
    keys,
  }: {
    readonly store: BrokerStore
    readonly keys: BrokerKeys
  }): Handler<OperationInput<'mq', 'UpdateUser'>, OperationOutput<'mq', 'UpdateUser'>> =>
  async (input, ctx) => {
    const { BrokerId: brokerId, Username: username } = input
    checkReplicationUser(input)
    const changes: Partial<StoredUser> = {
      ...(input.ConsoleAccess === undefined ? {} : { consoleAccess: input.ConsoleAccess }),
      ...(input.Groups === undefined ? {} : { groups: checkGroups(input.Groups) }),
      ...(input.Password === undefined
        ? {}
        : {
            sealedPassword: await sealPassword({ store, keys }, checkPassword(input.Password), brokerId, username, ctx),
          }),
    }
    await changeSettings(store, brokerId, ctx, ({ desired }) => {
      if (!desired.users.some((user) => user.username === username)) throw mqErrors.userNotFound(username)
      const users = desired.users.map((user) => (user.username === username ? { ...user, ...changes } : user))
      return { ...desired, users }
    })
    return {}
  }

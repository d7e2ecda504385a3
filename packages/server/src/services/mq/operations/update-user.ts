import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { Sealer } from '#kernel/secrets.ts'
import { type StoredUser, passwordContext } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { changeSettings } from '#services/mq/change-settings.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { checkGroups, checkPassword, checkReplicationUser } from '#services/mq/rules/users.ts'

/** Keeps what was asked for; what is not mentioned stays. The broker knows it from its next reboot on. */
export const updateUser =
  ({
    store,
    sealer,
  }: {
    readonly store: BrokerStore
    readonly sealer: Sealer
  }): Handler<OperationInput<'mq', 'UpdateUser'>, OperationOutput<'mq', 'UpdateUser'>> =>
  async (input, ctx) => {
    const { BrokerId: brokerId, Username: username } = input
    checkReplicationUser(input)
    const changes: Partial<StoredUser> = {
      ...(input.ConsoleAccess === undefined ? {} : { consoleAccess: input.ConsoleAccess }),
      ...(input.Groups === undefined ? {} : { groups: checkGroups(input.Groups) }),
      ...(input.Password === undefined
        ? {}
        : { sealedPassword: sealer.seal(checkPassword(input.Password), passwordContext(brokerId, username)) }),
    }
    await changeSettings(store, brokerId, ctx, ({ desired }) => {
      if (!desired.users.some((user) => user.username === username)) throw mqErrors.userNotFound(username)
      const users = desired.users.map((user) => (user.username === username ? { ...user, ...changes } : user))
      return { ...desired, users }
    })
    return {}
  }

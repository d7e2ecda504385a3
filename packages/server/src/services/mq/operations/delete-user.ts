import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { changeSettings } from '#services/mq/change-settings.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { userState } from '#services/mq/rules/pending-users.ts'

/** The user goes with the next reboot; one that the broker never knew goes at once. */
export const deleteUser =
  ({
    store,
  }: {
    readonly store: BrokerStore
  }): Handler<OperationInput<'mq', 'DeleteUser'>, OperationOutput<'mq', 'DeleteUser'>> =>
  async ({ BrokerId: brokerId, Username: username }, ctx) => {
    await changeSettings(store, brokerId, ctx, (broker) => {
      if (userState(broker, username) === undefined) throw mqErrors.userNotFound(username)
      return { ...broker.desired, users: broker.desired.users.filter((user) => user.username !== username) }
    })
    return {}
  }

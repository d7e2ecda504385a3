import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { StoredUser } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { userState } from '#services/mq/rules/pending-users.ts'

/** The user as the broker knows it, and beside it what the next reboot makes of it. Never a password. */
export const describeUser =
  ({
    store,
  }: {
    readonly store: BrokerStore
  }): Handler<OperationInput<'mq', 'DescribeUser'>, OperationOutput<'mq', 'DescribeUser'>> =>
  async ({ BrokerId: brokerId, Username: username }, { account, region }) => {
    const broker = await store.get({ account, region, brokerId })
    if (broker === undefined) throw mqErrors.brokerNotFound(brokerId)
    const user = userState(broker, username)
    if (user === undefined) throw mqErrors.userNotFound(username)
    return {
      BrokerId: brokerId,
      Username: username,
      ReplicationUser: false,
      ...view(user.applied),
      ...(user.pendingChange === undefined
        ? {}
        : { Pending: { PendingChange: user.pendingChange, ...view(user.desired) } }),
    }
  }

const view = (
  user: StoredUser | undefined,
): { readonly ConsoleAccess?: boolean; readonly Groups?: readonly string[] } =>
  user === undefined ? {} : { ConsoleAccess: user.consoleAccess, Groups: user.groups }

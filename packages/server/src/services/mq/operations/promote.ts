import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'

const MODES = ['SWITCHOVER', 'FAILOVER']

/** Makes a replica the primary broker. There are no replicas, since brokers with data replication cannot be created here. */
export const promote =
  ({
    store,
  }: {
    readonly store: BrokerStore
  }): Handler<OperationInput<'mq', 'Promote'>, OperationOutput<'mq', 'Promote'>> =>
  async ({ BrokerId: brokerId, Mode }, { account, region }) => {
    if (!MODES.includes(Mode.toUpperCase()))
      throw mqErrors.badRequest(`Mode [${Mode.slice(0, 100)}] is invalid. Valid values: [${MODES.join(', ')}].`, 'mode')
    const broker = await store.get({ account, region, brokerId })
    if (broker === undefined) throw mqErrors.brokerNotFound(brokerId)
    throw mqErrors.badRequest(
      `Broker [${broker.brokerName}] can't be promoted: its data replication mode is [NONE], so it has no counterpart.`,
      'broker-id',
    )
  }

import type { CallContext } from '#kernel/call.ts'
import { type BrokerRecord, type BrokerSettings, engineTypeOf } from '#services/mq/broker-record.ts'
import { STEADY } from '#services/mq/broker-state.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { withDesired } from '#services/mq/pending.ts'

/**
 * Changes what a broker of ActiveMQ, whose users are Amazon MQ's, is to be from its next start on.
 * @param change answers the settings wanted now; throws what is wrong with the request
 * @throws AwsError NotFoundException when there is no such broker, BadRequestException when it is in no state for a change,
 * or its users are not Amazon MQ's
 */
export async function changeSettings(
  store: BrokerStore,
  brokerId: string,
  { account, region, now }: Pick<CallContext, 'account' | 'region' | 'now'>,
  change: (broker: BrokerRecord) => BrokerSettings,
): Promise<BrokerRecord> {
  const record = await store.change({ account, region, brokerId }, (broker) => {
    if (!STEADY.includes(broker.state)) throw mqErrors.wrongState(broker.brokerName, 'updated', broker.state)
    if (engineTypeOf(broker) === 'RabbitMQ') throw mqErrors.rabbitmqUsers()
    if (broker.desired.ldap !== undefined) throw mqErrors.ldapUsers()
    return withDesired(broker, change(broker), now)
  })
  if (record === undefined) throw mqErrors.brokerNotFound(brokerId)
  return record
}

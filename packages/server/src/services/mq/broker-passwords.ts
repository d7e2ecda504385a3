import type { CallContext } from '#kernel/call.ts'
import { type BrokerKeys, BrokerKeyUnusable } from '#services/mq/broker-keys.ts'
import { passwordContext } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import { mqErrors } from '#services/mq/errors.ts'

interface Deps {
  readonly store: BrokerStore
  readonly keys: BrokerKeys
}

/**
 * The password of a user as its broker's record may hold it.
 * @throws AwsError NotFoundException; BadRequestException when the broker's KMS key cannot be used
 */
export async function sealPassword(
  { store, keys }: Deps,
  password: string,
  brokerId: string,
  username: string,
  { account, region }: CallContext,
): Promise<string> {
  const broker = await store.get({ account, region, brokerId })
  if (broker === undefined) throw mqErrors.brokerNotFound(brokerId)
  const sealer = await keys.sealer(broker).catch((error: unknown) => {
    throw error instanceof BrokerKeyUnusable
      ? mqErrors.keyUnusable(broker.brokerName, 'given a password', error.message)
      : error
  })
  return sealer.seal(password, passwordContext(brokerId, username))
}

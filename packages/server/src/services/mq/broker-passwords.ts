import type { CallContext } from '#kernel/call.ts'
import { type BrokerKeys, BrokerKeyUnusable } from '#services/mq/broker-keys.ts'
import type { Sealer } from '#kernel/secrets.ts'
import { type BrokerRecord, passwordContext } from '#services/mq/broker-record.ts'
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
  const sealer = await brokerSealer(keys, broker)
  return sealer.seal(password, passwordContext(brokerId, username))
}

/**
 * What seals a secret that a request brings for a broker.
 * @throws AwsError BadRequestException when the broker's KMS key cannot be used
 */
export const brokerSealer = (keys: BrokerKeys, broker: BrokerRecord): Promise<Sealer> =>
  keys.sealer(broker).catch((error: unknown) => {
    throw error instanceof BrokerKeyUnusable
      ? mqErrors.keyUnusable(broker.brokerName, 'given a password', error.message)
      : error
  })

import type { CallContext, Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { BrokerRecord } from '#services/mq/broker-record.ts'
import type { BrokerStore } from '#services/mq/broker-store.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { MAX_BROKERS_PER_REGION } from '#services/mq/limits.ts'
import { type OneByOne, regionOf } from '#kernel/one-by-one.ts'

interface DeleteConfigurationDeps {
  readonly store: BrokerStore
  readonly configurations: ConfigurationStore
  readonly oneByOne: OneByOne
}

type Input = OperationInput<'mq', 'DeleteConfiguration'>
type Output = OperationOutput<'mq', 'DeleteConfiguration'>

/** Deletes a configuration with all its revisions, unless a broker has it or is to get it. */
export const deleteConfiguration =
  ({ store, configurations, oneByOne }: DeleteConfigurationDeps): Handler<Input, Output> =>
  // One after the other with what gives brokers a configuration, so that none is left with one that is gone.
  ({ ConfigurationId: configurationId }, ctx) =>
    oneByOne.run(regionOf(ctx), async () => {
      const { account, region } = ctx
      const record = await configurations.get({ account, region, configurationId })
      if (record === undefined) throw mqErrors.configurationNotFound(configurationId)
      const user = await userOf(configurationId, store, ctx)
      if (user !== undefined) {
        throw mqErrors.conflict(
          `Configuration [${configurationId}] can't be deleted while broker [${user.brokerName}] uses it. Give the broker another configuration and reboot it, or delete it.`,
          'configuration_id',
        )
      }
      await configurations.remove(record)
      return { ConfigurationId: configurationId }
    })

async function userOf(id: string, store: BrokerStore, ctx: CallContext): Promise<BrokerRecord | undefined> {
  const brokers = await store.list(ctx, { limit: MAX_BROKERS_PER_REGION })
  return brokers.find(({ applied, desired }) => applied?.configuration?.id === id || desired.configuration?.id === id)
}

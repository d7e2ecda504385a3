import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { configurationView } from '#services/mq/configuration/configuration-view.ts'
import { mqErrors } from '#services/mq/errors.ts'

/** A configuration without its data. */
export const describeConfiguration =
  ({
    configurations,
  }: {
    readonly configurations: ConfigurationStore
  }): Handler<OperationInput<'mq', 'DescribeConfiguration'>, OperationOutput<'mq', 'DescribeConfiguration'>> =>
  async ({ ConfigurationId: configurationId }, { account, region }) => {
    const record = await configurations.get({ account, region, configurationId })
    if (record === undefined) throw mqErrors.configurationNotFound(configurationId)
    return configurationView(record)
  }

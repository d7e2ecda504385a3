import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { mqErrors } from '#services/mq/errors.ts'

type Input = OperationInput<'mq', 'DescribeConfigurationRevision'>
type Output = OperationOutput<'mq', 'DescribeConfigurationRevision'>

const REVISION = /^[1-9]\d{0,5}$/

/** One revision with its data. */
export const describeConfigurationRevision =
  ({ configurations }: { readonly configurations: ConfigurationStore }): Handler<Input, Output> =>
  async ({ ConfigurationId: configurationId, ConfigurationRevision: wanted }, { account, region }) => {
    const id = { account, region, configurationId }
    if ((await configurations.get(id)) === undefined) throw mqErrors.configurationNotFound(configurationId)
    const found = REVISION.test(wanted) ? await configurations.revision(id, Number(wanted)) : undefined
    if (found === undefined) throw mqErrors.revisionNotFound(configurationId, wanted)
    return {
      ConfigurationId: configurationId,
      Created: found.created,
      Data: Buffer.from(found.data).toString('base64'),
      ...(found.description === undefined ? {} : { Description: found.description }),
    }
  }

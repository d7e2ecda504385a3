import type { CallContext, Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import { newUuid } from '#kernel/ids.ts'
import { newConfiguration } from '#services/mq/configuration/configuration-record.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { revisionView } from '#services/mq/configuration/configuration-view.ts'
import { DEFAULT_CONFIGURATION } from '#services/mq/configuration/default-configuration.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { MAX_CONFIGURATIONS_PER_REGION } from '#services/mq/limits.ts'
import { type OneByOne, regionOf } from '#kernel/one-by-one.ts'
import { checkAuthenticationStrategy } from '#services/mq/rules/authentication.ts'
import { checkConfigurationName } from '#services/mq/rules/configuration.ts'
import { type EngineCatalogue, checkEngineType, chooseEngineVersion } from '#services/mq/rules/engine.ts'
import { checkTags } from '#services/mq/rules/tags.ts'

interface CreateConfigurationDeps {
  readonly configurations: ConfigurationStore
  readonly catalogue: EngineCatalogue
  readonly oneByOne: OneByOne
}

type Input = OperationInput<'mq', 'CreateConfiguration'>
type Output = OperationOutput<'mq', 'CreateConfiguration'>

/** Makes a configuration; its first revision is the default of its engine version. */
export const createConfiguration =
  ({ configurations, catalogue, oneByOne }: CreateConfigurationDeps): Handler<Input, Output> =>
  async (input, ctx) => {
    const name = checkConfigurationName(input.Name)
    if (checkEngineType(input.EngineType) === 'RabbitMQ')
      throw mqErrors.notBuilt('engineType', 'Configurations of RabbitMQ are not built; those of ACTIVEMQ are.')
    const strategy = checkAuthenticationStrategy(input.AuthenticationStrategy) ?? 'simple'
    const { requested: engineVersion } = chooseEngineVersion(input.EngineVersion, catalogue)
    const record = newConfiguration(
      { account: ctx.account, region: ctx.region, configurationId: `c-${newUuid()}` },
      { name, engineVersion, strategy, tags: checkTags(input.Tags), now: ctx.now },
    )
    await oneByOne.run(regionOf(ctx), async () => {
      await checkRoom(configurations, name, ctx)
      await configurations.create(record, DEFAULT_CONFIGURATION)
    })
    return {
      Arn: record.arn,
      AuthenticationStrategy: strategy,
      Created: record.created,
      Id: record.configurationId,
      LatestRevision: revisionView(record.latest),
      Name: name,
    }
  }

async function checkRoom(configurations: ConfigurationStore, name: string, ctx: CallContext): Promise<void> {
  if (await configurations.isNameTaken(ctx, name)) {
    throw mqErrors.conflict(`A configuration with the name [${name}] already exists. Use a different name.`, 'name')
  }
  const there = await configurations.list(ctx, { limit: MAX_CONFIGURATIONS_PER_REGION })
  if (there.length < MAX_CONFIGURATIONS_PER_REGION) return
  throw mqErrors.badRequest(
    `You have reached the limit of ${String(MAX_CONFIGURATIONS_PER_REGION)} configurations in this Region. Delete a configuration you no longer need.`,
  )
}

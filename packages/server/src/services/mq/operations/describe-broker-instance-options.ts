import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { Paging } from '#services/mq/paging.ts'
import { type EngineCatalogue, checkEngineType, deploymentModesOn, takesEbs } from '#services/mq/rules/engine.ts'
import { rabbitmqModesOn, rabbitmqVersion } from '#services/mq/rules/new-rabbitmq.ts'

interface InstanceOptionsDeps {
  readonly catalogue: EngineCatalogue
  readonly paging: Paging
}

type Input = OperationInput<'mq', 'DescribeBrokerInstanceOptions'>
type Output = OperationOutput<'mq', 'DescribeBrokerInstanceOptions'>

/** Every combination of instance type and storage that CreateBroker takes, narrowed by the filters. */
export const describeBrokerInstanceOptions =
  ({ catalogue, paging }: InstanceOptionsDeps): Handler<Input, Output> =>
  (input, ctx) => {
    const { EngineType, HostInstanceType, StorageType, ...pageInput } = input
    const wanted = EngineType === undefined ? undefined : checkEngineType(EngineType)
    if (wanted === 'RabbitMQ') rabbitmqVersion(undefined, catalogue)
    const filters = { EngineType, HostInstanceType, StorageType }
    const options = combinations(catalogue)
      .filter(({ engine }) => wanted === undefined || engine === wanted.toUpperCase())
      .filter(({ type }) => HostInstanceType === undefined || type === HostInstanceType)
      .filter(({ storage }) => StorageType === undefined || storage === StorageType.toUpperCase())
      .map(({ engine, type, storage, modes, versions }) => ({
        EngineType: engine,
        HostInstanceType: type,
        StorageType: storage,
        SupportedDeploymentModes: modes,
        SupportedEngineVersions: versions,
        AvailabilityZones: [{ Name: `${ctx.region}a` }],
      }))
    const { items, ...page } = paging.slice('DescribeBrokerInstanceOptions', pageInput, filters, options, ctx)
    return { BrokerInstanceOptions: items, ...page }
  }

interface Combination {
  readonly engine: 'ACTIVEMQ' | 'RABBITMQ'
  readonly type: string
  readonly storage: string
  readonly modes: readonly string[]
  readonly versions: readonly string[]
}

function combinations({ instanceTypes, engineVersions, rabbitmq }: EngineCatalogue): readonly Combination[] {
  const versions = engineVersions.map(({ requested }) => requested)
  const active = instanceTypes.flatMap((type) =>
    (takesEbs(type) ? ['EBS', 'EFS'] : ['EFS']).map((storage) => {
      const modes = deploymentModesOn(storage)
      return { engine: 'ACTIVEMQ', type, storage, modes, versions } as const
    }),
  )
  const found = rabbitmq?.installed()
  if (found === undefined) return active
  const rabbits = rabbitmq?.instanceTypes ?? []
  return [
    ...active,
    ...rabbits.map((type) => {
      const modes = rabbitmqModesOn(type)
      return { engine: 'RABBITMQ', type, storage: 'EBS', modes, versions: [found.requested] } as const
    }),
  ]
}

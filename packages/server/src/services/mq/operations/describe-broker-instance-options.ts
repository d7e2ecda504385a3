import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { Paging } from '#services/mq/paging.ts'
import { type EngineCatalogue, checkEngineType, deploymentModesOn, takesEbs } from '#services/mq/rules/engine.ts'

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
    if (EngineType !== undefined) checkEngineType(EngineType)
    const filters = { EngineType, HostInstanceType, StorageType }
    const options = combinations(catalogue)
      .filter(({ type }) => HostInstanceType === undefined || type === HostInstanceType)
      .filter(({ storage }) => StorageType === undefined || storage === StorageType.toUpperCase())
      .map(({ type, storage }) => ({
        EngineType: 'ACTIVEMQ',
        HostInstanceType: type,
        StorageType: storage,
        SupportedDeploymentModes: deploymentModesOn(storage),
        SupportedEngineVersions: catalogue.engineVersions.map(({ requested }) => requested),
        AvailabilityZones: [{ Name: `${ctx.region}a` }],
      }))
    const { items, ...page } = paging.slice('DescribeBrokerInstanceOptions', pageInput, filters, options, ctx)
    return { BrokerInstanceOptions: items, ...page }
  }

const combinations = ({
  instanceTypes,
}: EngineCatalogue): readonly { readonly type: string; readonly storage: string }[] =>
  instanceTypes.flatMap((type) => (takesEbs(type) ? ['EBS', 'EFS'] : ['EFS']).map((storage) => ({ type, storage })))

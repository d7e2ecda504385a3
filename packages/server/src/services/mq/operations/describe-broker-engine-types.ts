import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { Paging } from '#services/mq/paging.ts'
import { type EngineCatalogue, checkEngineType } from '#services/mq/rules/engine.ts'

interface EngineTypesDeps {
  readonly catalogue: EngineCatalogue
  readonly paging: Paging
}

type Input = OperationInput<'mq', 'DescribeBrokerEngineTypes'>
type Output = OperationOutput<'mq', 'DescribeBrokerEngineTypes'>

/** What can be created here, with the versions as requests name them. */
export const describeBrokerEngineTypes =
  ({ catalogue, paging }: EngineTypesDeps): Handler<Input, Output> =>
  (input, ctx) => {
    if (input.EngineType !== undefined) checkEngineType(input.EngineType)
    const types = [
      {
        EngineType: 'ACTIVEMQ',
        EngineVersions: catalogue.engineVersions.map(({ requested }) => ({ Name: requested })),
      },
    ]
    const { items, ...page } = paging.slice(
      'DescribeBrokerEngineTypes',
      input,
      { EngineType: input.EngineType },
      types,
      ctx,
    )
    return { BrokerEngineTypes: items, ...page }
  }

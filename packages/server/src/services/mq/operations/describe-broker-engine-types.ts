import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { Paging } from '#services/mq/paging.ts'
import { type EngineCatalogue, checkEngineType } from '#services/mq/rules/engine.ts'
import { rabbitmqVersion } from '#services/mq/rules/new-rabbitmq.ts'

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
    const wanted = input.EngineType === undefined ? undefined : checkEngineType(input.EngineType)
    if (wanted === 'RabbitMQ') rabbitmqVersion(undefined, catalogue)
    const rabbitmq = catalogue.rabbitmq?.installed()
    const types = [
      {
        EngineType: 'ACTIVEMQ',
        EngineVersions: catalogue.engineVersions.map(({ requested }) => ({ Name: requested })),
      },
      ...(rabbitmq === undefined ? [] : [{ EngineType: 'RABBITMQ', EngineVersions: [{ Name: rabbitmq.requested }] }]),
    ].filter(({ EngineType: type }) => wanted === undefined || type === wanted.toUpperCase())
    const { items, ...page } = paging.slice(
      'DescribeBrokerEngineTypes',
      input,
      { EngineType: input.EngineType },
      types,
      ctx,
    )
    return { BrokerEngineTypes: items, ...page }
  }

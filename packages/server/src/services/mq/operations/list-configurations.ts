import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { configurationView } from '#services/mq/configuration/configuration-view.ts'
import type { Paging } from '#services/mq/paging.ts'

interface ListConfigurationsDeps {
  readonly configurations: ConfigurationStore
  readonly paging: Paging
}

/** Configurations by ascending id, a page at a time. */
export const listConfigurations =
  ({
    configurations,
    paging,
  }: ListConfigurationsDeps): Handler<
    OperationInput<'mq', 'ListConfigurations'>,
    OperationOutput<'mq', 'ListConfigurations'>
  > =>
  async (input, ctx) => {
    const page = paging.read('ListConfigurations', input, {}, ctx)
    // One more than asked for tells whether there is a next page.
    const found = await configurations.list(ctx, {
      limit: page.size + 1,
      ...(page.after === undefined ? {} : { after: page.after }),
    })
    const shown = found.slice(0, page.size)
    const last = found.length > page.size ? shown.at(-1) : undefined
    return {
      Configurations: shown.map(configurationView),
      MaxResults: page.size,
      ...(last === undefined ? {} : { NextToken: page.next(last.configurationId) }),
    }
  }

import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { revisionView } from '#services/mq/configuration/configuration-view.ts'
import { mqErrors } from '#services/mq/errors.ts'
import type { Paging } from '#services/mq/paging.ts'

type Input = OperationInput<'mq', 'ListConfigurationRevisions'>
type Output = OperationOutput<'mq', 'ListConfigurationRevisions'>

interface ListRevisionsDeps {
  readonly configurations: ConfigurationStore
  readonly paging: Paging
}

/** The revisions of a configuration, newest first, a page at a time. */
export const listConfigurationRevisions =
  ({ configurations, paging }: ListRevisionsDeps): Handler<Input, Output> =>
  async (input, ctx) => {
    const { ConfigurationId: configurationId } = input
    const id = { account: ctx.account, region: ctx.region, configurationId }
    const record = await configurations.get(id)
    if (record === undefined) throw mqErrors.configurationNotFound(configurationId)
    const page = paging.read('ListConfigurationRevisions', input, { configurationId }, ctx)
    const first = page.after === undefined ? record.latest.revision : Number(page.after) - 1
    const last = Math.max(1, first - page.size + 1)
    const numbers = Array.from({ length: first - last + 1 }, (_, index) => first - index)
    const found = await Promise.all(numbers.map((number) => configurations.revision(id, number)))
    return {
      ConfigurationId: configurationId,
      MaxResults: page.size,
      Revisions: found.filter((revision) => revision !== undefined).map(revisionView),
      ...(last > 1 ? { NextToken: page.next(String(last)) } : {}),
    }
  }

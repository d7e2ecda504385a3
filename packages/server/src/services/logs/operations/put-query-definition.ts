import { createHash } from 'node:crypto'
import type { CallContext } from '#kernel/call.ts'
import { newUuid } from '#kernel/ids.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { isStorable } from '#services/logs/names.ts'
import type { QueryDefinitionRecord } from '#services/logs/queries/query-definitions.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'

type Input = LogsInput<'PutQueryDefinition'>

/** Saves a query, or with `queryDefinitionId` replaces all of a saved one. The query itself is read when it is run. */
export const putQueryDefinition =
  ({ queryDefinitions }: Pick<LogsParts, 'queryDefinitions'>): LogsHandler<'PutQueryDefinition'> =>
  async (input, ctx) => {
    checkParameters(input)
    const record = recordOf(input, ctx)
    const { queryDefinitionId: id, clientToken } = input
    if (id !== undefined) {
      if (!isStorable(id) || !(await queryDefinitions.find(ctx, id))) throw logsErrors.queryDefinitionNotFound()
      await queryDefinitions.put(ctx, id, record)
      return { queryDefinitionId: id }
    }
    const newId = clientToken === undefined ? newUuid() : idOfToken(clientToken)
    await queryDefinitions.put(ctx, newId, record)
    return { queryDefinitionId: newId }
  }

/** The same token leads to the same definition, however often the request is repeated. */
function idOfToken(token: string): string {
  const hex = createHash('sha256').update(token.toWellFormed()).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

function checkParameters({ parameters = [] }: Input): void {
  const names = parameters.map(({ name }) => name)
  const repeated = names.find((name, at) => names.indexOf(name) !== at)
  if (repeated === undefined) return
  throw logsErrors.invalidParameter(
    `The query parameter ${repeated} is defined more than once. Give each parameter a name of its own.`,
  )
}

const recordOf = (input: Input, { now }: CallContext): QueryDefinitionRecord => ({
  name: input.name,
  queryString: input.queryString,
  queryLanguage: input.queryLanguage ?? 'CWLI',
  lastModified: now,
  ...(input.logGroupNames === undefined ? {} : { logGroupNames: input.logGroupNames }),
  ...(input.parameters === undefined ? {} : { parameters: input.parameters }),
})

import type { LogsParts } from '#services/logs/deps.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { isStorable } from '#services/logs/names.ts'
import type { LogsHandler } from '#services/logs/types.ts'

export const deleteQueryDefinition =
  ({ queryDefinitions }: Pick<LogsParts, 'queryDefinitions'>): LogsHandler<'DeleteQueryDefinition'> =>
  async ({ queryDefinitionId }, ctx) => {
    if (!isStorable(queryDefinitionId)) throw logsErrors.queryDefinitionNotFound()
    await queryDefinitions.delete(ctx, queryDefinitionId)
    return { success: true }
  }

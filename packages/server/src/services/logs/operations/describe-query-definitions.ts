import { bestPage } from '#services/logs/best-page.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { readToken } from '#services/logs/describe-page.ts'
import { MAX_QUERY_DEFINITIONS } from '#services/logs/limits.ts'
import type { LogsHandler } from '#services/logs/types.ts'

type Deps = Pick<LogsParts, 'queryDefinitions' | 'tokens'>

/** By ascending name. */
export const describeQueryDefinitions =
  ({ queryDefinitions, tokens }: Deps): LogsHandler<'DescribeQueryDefinitions'> =>
  async ({ queryDefinitionNamePrefix: prefix = '', queryLanguage, maxResults, nextToken }, ctx) => {
    const scope = { prefix, queryLanguage, account: ctx.account, region: ctx.region }
    const { found, next } = await bestPage({
      parts: queryDefinitions.all(ctx),
      limit: maxResults ?? MAX_QUERY_DEFINITIONS,
      after: readToken(tokens, 'DescribeQueryDefinitions', scope, nextToken),
      position: ({ name, id }) => `${name}\0${id}`,
      wanted: (definition) =>
        definition.name.startsWith(prefix) &&
        (queryLanguage === undefined || definition.queryLanguage === queryLanguage),
    })
    return {
      queryDefinitions: found.map(({ id, ...definition }) => ({
        queryDefinitionId: id,
        logGroupNames: [],
        ...definition,
      })),
      nextToken: next === undefined ? undefined : tokens.issue('DescribeQueryDefinitions', scope, next),
    }
  }

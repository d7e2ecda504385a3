import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import type { BrokerScope } from '#services/mq/broker-record.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '#services/mq/limits.ts'

interface PageInput {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

interface Page {
  readonly size: number
  /** Where the page before ended. */
  readonly after?: string
  /** The token of the page after `last`. */
  next(last: string): string
}

/** The part of a list that is answered, by the modelled names. */
export interface Slice<T> {
  readonly items: readonly T[]
  readonly MaxResults: number
  readonly NextToken?: string
}

/** Pages of Amazon MQ's lists: 20 items unless the caller says otherwise. */
export interface Paging {
  /** @throws AwsError BadRequestException for a size or token that is not valid */
  read(operation: string, input: PageInput, filters: object, scope: BrokerScope): Page
  /** A page of a list that is at hand in full. @throws AwsError like `read` */
  slice<T>(operation: string, input: PageInput, filters: object, all: readonly T[], scope: BrokerScope): Slice<T>
}

export function paging(tokens: PageTokens): Paging {
  const read: Paging['read'] = (operation, input, filters, { account, region }) => {
    const parameters = { ...filters, account, region }
    const size = input.MaxResults ?? DEFAULT_PAGE_SIZE
    if (size < 1 || size > MAX_PAGE_SIZE) {
      throw mqErrors.badRequest(`[maxResults] must be between 1 and ${String(MAX_PAGE_SIZE)}.`, 'maxResults')
    }
    return {
      size,
      ...(input.NextToken === undefined ? {} : { after: lastOf(operation, parameters, input.NextToken) }),
      next: (last) => tokens.issue(operation, parameters, last),
    }
  }

  function lastOf(operation: string, parameters: object, token: string): string {
    try {
      return tokens.read(operation, parameters, token)
    } catch (error) {
      if (error instanceof InvalidPageToken)
        throw mqErrors.badRequest('[nextToken] is invalid. Start the list again without it.', 'nextToken')
      throw error
    }
  }

  return {
    read,
    slice(operation, input, filters, all, scope) {
      const page = read(operation, input, filters, scope)
      const start = Number(page.after ?? 0)
      const end = start + page.size
      return {
        items: all.slice(start, end),
        MaxResults: page.size,
        ...(end < all.length ? { NextToken: page.next(String(end)) } : {}),
      }
    },
  }
}

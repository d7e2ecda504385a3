import type { AccountId } from '#kernel/ids.ts'
import { GLOBAL_REGION } from '#kernel/ids.ts'
import { checkPathPrefix } from '#services/iam/checks.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { type Page, startPage } from '#services/iam/paging.ts'
import { USERS, type UserRecord } from '#services/iam/records.ts'
import { listedUser } from '#services/iam/user-view.ts'
import type { RecordStore, StoredRecord } from '#stores/records/record-store.ts'

const READ_AHEAD = 1_000

/** Users whose path begins with `PathPrefix`, by name without case. */
export function listUsers({ records, tokens }: Pick<IamDeps, 'records' | 'tokens'>): IamHandler<'ListUsers'> {
  return async (input, { account }) => {
    const { PathPrefix: pathPrefix = '/' } = input
    checkPathPrefix(pathPrefix)
    const page = startPage(tokens, 'ListUsers', { account, pathPrefix }, input)
    const found = await findByPath(records, account, pathPrefix, page)
    return {
      Users: found.slice(0, page.size).map(({ value }) => listedUser(account, value)),
      ...page.end(found.map(({ key }) => key.id)),
    }
  }
}

/** Users are kept by name, so the path is looked at here; reading on ends with the page or the account. */
async function findByPath(
  records: RecordStore,
  account: AccountId,
  pathPrefix: string,
  page: Page,
): Promise<readonly StoredRecord<UserRecord>[]> {
  const found: StoredRecord<UserRecord>[] = []
  // Every path begins with a slash, so without a real prefix nothing is filtered out.
  const limit = pathPrefix === '/' ? page.size + 1 : READ_AHEAD
  let { after } = page
  for (;;) {
    const batch = await records.list<UserRecord>(USERS, account, GLOBAL_REGION, {
      limit,
      ...(after === undefined ? {} : { after }),
    })
    found.push(...batch.filter(({ value }) => value.path.startsWith(pathPrefix)))
    if (found.length > page.size || batch.length < limit) return found.slice(0, page.size + 1)
    after = batch.at(-1)?.key.id
  }
}

import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { LIST_PAGE } from '#services/cloudtrail/limits.ts'
import { pageOf } from '#services/cloudtrail/paging.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** The names of all trails of the account, in every region. */
export const listTrails =
  ({ trails, tokens }: Pick<CloudTrailParts, 'trails' | 'tokens'>): CloudTrailHandler<'ListTrails'> =>
  async ({ NextToken }, ctx) => {
    const infos = (await trails.ofAccount(ctx.account)).map(({ arn, name, home }) => ({
      TrailARN: arn,
      Name: name,
      HomeRegion: home,
    }))
    const scope = { account: ctx.account, region: ctx.region }
    const { items, next } = pageOf(infos, ({ TrailARN }) => TrailARN, {
      tokens,
      operation: 'ListTrails',
      scope,
      token: NextToken,
      size: LIST_PAGE,
    })
    return { Trails: items, ...(next === undefined ? {} : { NextToken: next }) }
  }

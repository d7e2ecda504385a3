import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_TAGGED } from '#services/cloudtrail/limits.ts'
import { taggedTrail } from '#services/cloudtrail/trails/tagged-trail.ts'
import type { CloudTrailHandler } from '#services/cloudtrail/types.ts'

/** The tags of up to twenty trails; there is one page. */
export const listTags =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'ListTags'> =>
  async ({ ResourceIdList: ids, NextToken }, ctx) => {
    if (NextToken !== undefined) throw cloudtrailErrors.invalidToken()
    if (ids.length > MAX_TAGGED)
      throw cloudtrailErrors.parameter(`ResourceIdList holds at most ${String(MAX_TAGGED)} ARNs.`)
    const tagged = await Promise.all(ids.map((id) => taggedTrail(trails, id, ctx)))
    return { ResourceTagList: tagged.map(({ arn, tags }) => ({ ResourceId: arn, TagsList: tags })) }
  }

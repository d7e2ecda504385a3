import { trailRef } from '#services/cloudtrail/arns.ts'
import type { CloudTrailParts } from '#services/cloudtrail/deps.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { checkAdvanced } from '#services/cloudtrail/selectors/check-advanced.ts'
import { checkedBasic } from '#services/cloudtrail/selectors/check-basic.ts'
import { selectorsView } from '#services/cloudtrail/selectors/view.ts'
import type { CloudTrailHandler, CloudTrailInput, Selectors } from '#services/cloudtrail/types.ts'

/** Basic selectors replace advanced ones, and the other way round. */
export const putEventSelectors =
  ({ trails }: Pick<CloudTrailParts, 'trails'>): CloudTrailHandler<'PutEventSelectors'> =>
  async (input, ctx) => {
    const ref = trailRef(input.TrailName, ctx)
    const selectors = readSelectors(input)
    const trail = await trails.set(await trails.requireHome(ref, ctx), { selectors })
    return selectorsView(trail)
  }

function readSelectors({
  EventSelectors: basic,
  AdvancedEventSelectors: advanced,
}: CloudTrailInput<'PutEventSelectors'>): Selectors {
  if (basic !== undefined && advanced !== undefined)
    throw cloudtrailErrors.selectors('A request has EventSelectors or AdvancedEventSelectors, not both.')
  if (advanced !== undefined) {
    checkAdvanced(advanced)
    return { kind: 'advanced', selectors: advanced }
  }
  return { kind: 'basic', selectors: checkedBasic(basic ?? []) }
}

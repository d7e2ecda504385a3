import { DEFAULT_SELECTORS } from '#services/cloudtrail/selectors/check-basic.ts'
import type { Trail } from '#services/cloudtrail/trails/trail.ts'
import type { CloudTrailOutput } from '#services/cloudtrail/types.ts'

/** What a trail selects, as GetEventSelectors and PutEventSelectors answer it. */
export const selectorsView = ({
  arn,
  selectors,
}: Pick<Trail, 'arn' | 'selectors'>): CloudTrailOutput<'GetEventSelectors'> =>
  selectors?.kind === 'advanced'
    ? { TrailARN: arn, AdvancedEventSelectors: selectors.selectors }
    : { TrailARN: arn, EventSelectors: selectors?.selectors ?? DEFAULT_SELECTORS }

import type { Apis } from '@sluice/wire'
import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { AccountId, Region } from '#kernel/ids.ts'

type CloudTrailOperation = keyof Apis['cloudtrail']
export type CloudTrailInput<O extends CloudTrailOperation> = OperationInput<'cloudtrail', O>
export type CloudTrailOutput<O extends CloudTrailOperation> = OperationOutput<'cloudtrail', O>
export type CloudTrailHandler<O extends CloudTrailOperation> = Handler<CloudTrailInput<O>, CloudTrailOutput<O>>

/** Where a call acts. */
export interface TrailPlace {
  readonly account: AccountId
  readonly region: Region
}

/** What one trail records: all of its basic or all of its advanced selectors. */
export type Selectors =
  | { readonly kind: 'basic'; readonly selectors: readonly BasicSelector[] }
  | { readonly kind: 'advanced'; readonly selectors: readonly AdvancedSelector[] }

export type BasicSelector = NonNullable<CloudTrailInput<'PutEventSelectors'>['EventSelectors']>[number]
export type AdvancedSelector = NonNullable<CloudTrailInput<'PutEventSelectors'>['AdvancedEventSelectors']>[number]
export type InsightSelector = CloudTrailInput<'PutInsightSelectors'>['InsightSelectors'][number]

import type { Apis } from '@sluice/wire'
import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'

export type CloudwatchOperation = keyof Apis['cloudwatch']
export type CloudwatchInput<O extends CloudwatchOperation> = OperationInput<'cloudwatch', O>
export type CloudwatchOutput<O extends CloudwatchOperation> = OperationOutput<'cloudwatch', O>
export type CloudwatchHandler<O extends CloudwatchOperation> = Handler<CloudwatchInput<O>, CloudwatchOutput<O>>

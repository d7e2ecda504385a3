import type { Apis } from '@sluice/wire'
import type { Handler, OperationInput, OperationOutput } from '#kernel/call.ts'

export type LogsOperation = keyof Apis['logs']
export type LogsInput<O extends LogsOperation> = OperationInput<'logs', O>
export type LogsOutput<O extends LogsOperation> = OperationOutput<'logs', O>
export type LogsHandler<O extends LogsOperation> = Handler<LogsInput<O>, LogsOutput<O>>

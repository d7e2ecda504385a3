import type { Apis } from '@sluice/wire'
import type { Handler } from '#kernel/call.ts'

export type S3Operation = keyof Apis['s3']
export type S3Input<O extends S3Operation> = Apis['s3'][O]['input']
export type S3Output<O extends S3Operation> = Apis['s3'][O]['output']
export type S3Handler<O extends S3Operation> = Handler<S3Input<O>, S3Output<O>>

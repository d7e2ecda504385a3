import type { Family } from '../families.ts'
import type { Fault } from '../fault.ts'
import type { Model, Operation } from '../model/model.ts'
import type { Cursor } from '../reading/cursor.ts'
import type { ByteStream, FaultTarget, Identified, Reply, RequestHead } from '../request.ts'

/** What a compiled reader is given. */
export interface RequestParts {
  readonly operation: Identified
  readonly head: RequestHead
  /** Decompressed. A stream only where the operation takes one (see `serviceModel(…).isStreamed`). */
  readonly body: Uint8Array | ByteStream
}

/** @returns members by model name. @throws Malformed when the request cannot be read; broken constraints go to `cursor` */
export type InputRead = (parts: RequestParts, cursor: Cursor) => Record<string, unknown>
export type OutputWrite = (output: object, requestId: string) => Reply

/** One AWS protocol: how inputs are read, outputs and errors written. Knows models, but no service. */
export interface ProtocolCodec {
  /** Code of a request that cannot be read at all, where the service has none of its own. */
  readonly malformedCode: string
  compileReader(model: Model, family: Family, operation: Operation): InputRead
  compileWriter(model: Model, name: string, operation: Operation): OutputWrite
  writeFault(target: FaultTarget, fault: Fault, requestId: string): Reply
}

/** The bytes of a body that is read as a whole. */
export function wholeBody(body: Uint8Array | ByteStream): Uint8Array {
  if (body instanceof Uint8Array) return body
  throw new Error('a stream was given as the body of an operation that reads it as a whole')
}

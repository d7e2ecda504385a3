import { type Spoken, perOperation } from './model/load.ts'
import { operationOf } from './model/model.ts'
import { PROTOCOLS } from './protocols/index.ts'
import type { Reply } from './request.ts'

const compiled = perOperation((model, name, protocol) =>
  PROTOCOLS[protocol].compileWriter(model, name, operationOf(model, name)),
)

/**
 * Writes a handler's output, given by model names with timestamps in milliseconds and blobs as bytes. Members the model
 * does not have, and undefined ones, are left out. A member that is a stream of bytes or events becomes a stream.
 */
export const writeOutput = (operation: Spoken, output: object, requestId: string): Reply =>
  compiled(operation)(output, requestId)

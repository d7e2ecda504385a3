import { unfold } from './content-encoding.ts'
import { type Family, familyOf } from './families.ts'
import { WireError } from './fault.ts'
import { perOperation } from './model/load.ts'
import { operationOf } from './model/model.ts'
import { PROTOCOLS } from './protocols/index.ts'
import type { InputRead } from './protocols/protocol.ts'
import { Cursor, Malformed } from './reading/cursor.ts'
import type { ByteStream, Identified, RequestHead, ServiceId } from './request.ts'

interface Compiled {
  readonly family: Family
  /** The code for broken constraints, as this operation models it. */
  readonly constraintCode: string
  readonly malformedCode: string
  readonly read: InputRead
}

const compiled = perOperation((model, name, protocol): Compiled => {
  const family = familyOf(model.service as ServiceId)
  const codec = PROTOCOLS[protocol]
  const operation = operationOf(model, name)
  const constraintCode =
    family.constraintCodes.find((code) => operation.errors?.includes(code)) ?? family.constraintCodes[0]
  const malformedCode = family.malformedCode ?? codec.malformedCode
  return { family, constraintCode, malformedCode, read: codec.compileReader(model, family, operation) }
})

let spare: Cursor | undefined

/**
 * Reads a request's input strictly by the model. Members the model does not know are dropped.
 * @param body a stream where the operation takes one, which is passed on unread. S3 keeps what it is sent as it is
 *   encoded; other bodies are decompressed
 * @returns members by model name; timestamps in milliseconds since 1970, blobs as bytes.
 * @throws WireError when the request cannot be read, or breaks constraints: then all of them in one message.
 */
export function readInput(
  operation: Identified,
  head: RequestHead,
  body: Uint8Array | ByteStream,
): Record<string, unknown> {
  const { family, constraintCode, malformedCode, read } = compiled(operation)
  const cursor = spare ?? new Cursor()
  spare = undefined
  let input: Record<string, unknown>
  try {
    const folds = body instanceof Uint8Array && operation.protocol !== 'rest-xml'
    input = read({ operation, head, body: folds ? unfold(head, body) : body }, cursor)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    const { message, path } = error
    throw new WireError(
      malformedCode,
      400,
      path === '' ? message : `${message} (at '${path}')`,
      attribute(family, path),
      error,
    )
  }
  const { failures } = cursor
  if (failures.length === 0) {
    // One that found nothing wrong is as good as new, and reading never waits for anything.
    cursor.strings = 0
    spare = cursor
    return input
  }
  const many = failures.length === 1 ? '1 validation error' : `${String(failures.length)} validation errors`
  const text = failures.map((failure) => failure.text).join('; ')
  throw new WireError(constraintCode, 400, `${many} detected: ${text}`, attribute(family, failures[0]?.path ?? ''))
}

function attribute({ attributeMember }: Family, path: string): Readonly<Record<string, unknown>> {
  return attributeMember === undefined || path === '' ? {} : { [attributeMember]: path }
}

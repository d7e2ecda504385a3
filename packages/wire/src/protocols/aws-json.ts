import { eventStreamOf, eventStreamReply } from '../event-stream/write.ts'
import type { Fault } from '../fault.ts'
import { columnsReader } from '../json/columns.ts'
import { TreeReaders } from '../json/read.ts'
import { asBuffer, parseJson, refuseRepeatedKeys } from '../json/text.ts'
import { TreeWriters } from '../json/write.ts'
import type { Model } from '../model/model.ts'
import type { FaultTarget, Protocol } from '../request.ts'
import { modelledError, queryCodeOf } from './modelled-error.ts'
import { type ProtocolCodec, wholeBody } from './protocol.ts'

/** Bytes of a body from which on columns cost less than objects, collecting them included. */
const WORTH_COLUMNS = 16_384

/** AWS JSON 1.0 and 1.1: one path, the operation in a header, members by the model's names. */
export function awsJson(protocol: Protocol, contentType: string): ProtocolCodec {
  const headers = (requestId: string): Record<string, string> => ({
    'content-type': contentType,
    'x-amzn-requestid': requestId,
  })
  return {
    malformedCode: 'SerializationException',
    compileReader(model, family, { input }) {
      const read = input === undefined ? () => ({}) : new TreeReaders(model, family, protocol).reader(input)
      const readColumns = input === undefined ? undefined : columnsReader(model, family, input, read)
      return ({ body }, cursor) => {
        const bytes = wholeBody(body)
        if (bytes.length === 0) return read({}, cursor, 0) as Record<string, unknown>
        const columns = bytes.length < WORTH_COLUMNS ? undefined : readColumns?.(asBuffer(bytes))
        if (columns !== undefined) return columns
        const parsed = parseJson(bytes)
        const value = read(parsed.value, cursor, 0) as Record<string, unknown>
        refuseRepeatedKeys(parsed, cursor.strings)
        return value
      }
    },
    compileWriter(model, _name, { output }) {
      const events = eventStreamOf(model, output)
      const writers = new TreeWriters(model, protocol)
      if (events !== undefined) {
        const writer = (shape: string) => {
          const write = writers.writer(shape)
          return (value: object) => Buffer.from(JSON.stringify(write(value)))
        }
        return eventStreamReply(model, events, { contentType, headers, writer, beginsWithResponse: true })
      }
      const write = output === undefined ? undefined : writers.writer(output)
      return (value, requestId) => ({
        status: 200,
        headers: headers(requestId),
        body: write === undefined ? '' : JSON.stringify(write(value)),
      })
    },
    writeFault(target, fault, requestId) {
      return {
        status: fault.status,
        headers: { ...headers(requestId), ...queryErrorHeader(target, fault) },
        body: JSON.stringify({
          __type: nameOf(target, fault),
          message: fault.message,
          ...(errorMembers(target, fault, protocol) as object),
        }),
      }
    },
  }
}

/** JSON and CBOR call an error by its shape; a handler may have named it by its Query code. */
export const nameOf = (target: FaultTarget, fault: Fault): string => modelledError(target, fault)?.name ?? fault.code

/** The modelled members of a fault beside its message, as a tree. */
export function errorMembers(
  target: FaultTarget,
  fault: Fault,
  protocol: Protocol,
  writers: (model: Model) => TreeWriters = (model) => new TreeWriters(model, protocol),
): unknown {
  const error = modelledError(target, fault)
  if (error === undefined || Object.keys(error.members).length === 0) return {}
  return writers(error.model).writer(error.name)(error.members)
}

/** What clients of a service that once spoke Query are told beside the error, when they ask for it. */
export function queryErrorHeader(target: FaultTarget, fault: Fault): Record<string, string> {
  if (target.queryMode !== true) return {}
  return { 'x-amzn-query-error': `${queryCodeOf(target, fault)};${fault.status < 500 ? 'Sender' : 'Receiver'}` }
}

import { TreeReaders } from '../json/read.ts'
import { parseJson, refuseRepeatedKeys } from '../json/text.ts'
import { TreeWriters } from '../json/write.ts'
import { type BodyRead, compileRestReader } from '../rest/read.ts'
import { compileRestWriter } from '../rest/write.ts'
import { errorMembers } from './aws-json.ts'
import type { ProtocolCodec } from './protocol.ts'

const PROTOCOL = 'rest-json-1'
const UNSAFE_IN_HEADER = /[^\x21-\x7e]/g

/** REST with JSON bodies. */
export const restJson: ProtocolCodec = {
  malformedCode: 'SerializationException',
  compileReader(model, family, operation) {
    const readers = new TreeReaders(model, family, PROTOCOL)
    return compileRestReader(model, family, operation, {
      members: (shape, only) => jsonBody(readers.structure(shape, only)),
      payload: ({ shape }) => jsonBody(readers.reader(shape)),
    })
  },
  compileWriter(model, _name, operation) {
    const writers = new TreeWriters(model, PROTOCOL)
    return compileRestWriter(model, operation, {
      contentType: 'application/json',
      headers: (requestId) => ({ 'x-amzn-requestid': requestId }),
      members(shape, only) {
        const write = writers.structure(shape, only)
        return (value) => JSON.stringify(write(value))
      },
      payload({ shape }) {
        const write = writers.writer(shape)
        return (value) => JSON.stringify(write(value))
      },
      nothing: '{}',
    })
  },
  writeFault(target, fault, requestId) {
    return {
      status: fault.status,
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': fault.code.replace(UNSAFE_IN_HEADER, ''),
      },
      body: JSON.stringify({ message: fault.message, ...(errorMembers(target, fault, PROTOCOL) as object) }),
    }
  },
}

function jsonBody(read: ReturnType<TreeReaders['reader']>): BodyRead {
  return (body, cursor) => {
    // An absent body is an empty one: what is required in it is reported by its reader.
    if (body.length === 0) return read({}, cursor, 0)
    const parsed = parseJson(body)
    const value = read(parsed.value, cursor, 0)
    refuseRepeatedKeys(parsed, cursor.strings)
    return value
  }
}

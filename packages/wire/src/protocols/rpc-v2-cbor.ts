import { decodeCbor } from '../cbor/decode.ts'
import { encodeCbor } from '../cbor/encode.ts'
import { CBOR_TREE, simpleCborWriter } from '../cbor/tree.ts'
import { TreeReaders } from '../json/read.ts'
import { TreeWriters } from '../json/write.ts'
import type { Model } from '../model/model.ts'
import { errorMembers, nameOf, queryErrorHeader } from './aws-json.ts'
import { type ProtocolCodec, wholeBody } from './protocol.ts'

const PROTOCOL = 'rpc-v2-cbor'
const writersOf = (model: Model): TreeWriters => new TreeWriters(model, PROTOCOL, simpleCborWriter)

/** Smithy's RPC v2 with CBOR: the operation in the path, members by the model's names. */
export const rpcV2Cbor: ProtocolCodec = {
  malformedCode: 'SerializationException',
  compileReader(model, family, { input }) {
    const read = input === undefined ? () => ({}) : new TreeReaders(model, family, PROTOCOL, CBOR_TREE).reader(input)
    return ({ body }, cursor) => {
      const bytes = wholeBody(body)
      return read(bytes.length === 0 ? {} : decodeCbor(bytes), cursor, 0) as Record<string, unknown>
    }
  },
  compileWriter(model, _name, { output }) {
    const write = output === undefined ? () => ({}) : writersOf(model).writer(output)
    return (value, requestId) => ({ status: 200, headers: headersOf(requestId), body: encodeCbor(write(value)) })
  },
  writeFault(target, fault, requestId) {
    const members = errorMembers(target, fault, PROTOCOL, writersOf) as object
    return {
      status: fault.status,
      headers: { ...headersOf(requestId), ...queryErrorHeader(target, fault) },
      body: encodeCbor({ __type: nameOf(target, fault), message: fault.message, ...members }),
    }
  },
}

const headersOf = (requestId: string): Record<string, string> => ({
  'content-type': 'application/cbor',
  'smithy-protocol': 'rpc-v2-cbor',
  'x-amzn-requestid': requestId,
})

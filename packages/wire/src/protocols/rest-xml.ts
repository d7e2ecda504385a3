import { eventStreamOf, eventStreamReply } from '../event-stream/write.ts'
import type { Fault } from '../fault.ts'
import { structureOf } from '../model/model.ts'
import { Malformed } from '../reading/cursor.ts'
import { type BodyRead, compileRestReader } from '../rest/read.ts'
import { compileRestWriter } from '../rest/write.ts'
import { element, escapeXml } from '../xml/escape.ts'
import type { FaultTarget } from '../request.ts'
import { parseXml } from '../xml/parse.ts'
import { type XmlRead, XmlReaders } from '../xml/read.ts'
import { XmlWriters } from '../xml/write.ts'
import { xmlErrorMembers } from './aws-query.ts'
import { modelledError } from './modelled-error.ts'
import type { ProtocolCodec } from './protocol.ts'
import { S3_NAMESPACE, rootOf, unwrapped } from './s3-answers.ts'

const PROTOCOL = 'rest-xml'
const NOT_MODIFIED = 304
const ELEMENT_NAME = /^[A-Z][A-Za-z0-9-]*$/
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** REST with XML bodies, which S3 alone speaks among our services. */
export const restXml: ProtocolCodec = {
  malformedCode: 'MalformedXML',
  compileReader(model, family, operation) {
    const readers = new XmlReaders(model, family, PROTOCOL)
    return compileRestReader(model, family, operation, {
      members: (shape, only) => xmlBody(readers.structure(shape, only), operation.inputRoot ?? operation.input ?? ''),
      payload: (member) => xmlBody(readers.member(member), member.locationName ?? member.shape),
    })
  },
  compileWriter(model, name, operation) {
    const writers = new XmlWriters(model, PROTOCOL)
    const namespace = ` xmlns="${S3_NAMESPACE}"`
    const events = eventStreamOf(model, operation.output)
    if (events !== undefined) {
      const writer = (shape: string) => {
        const write = writers.member({ shape })
        return (value: object) => Buffer.from(write(shape, value))
      }
      return eventStreamReply(model, events, {
        contentType: 'text/xml',
        headers: s3RequestIds,
        writer,
        beginsWithResponse: false,
      })
    }
    return compileRestWriter(model, operation, {
      contentType: 'application/xml',
      headers: s3RequestIds,
      members(shape, only) {
        const bare = unwrapped(name)
        if (bare !== undefined) return bareWriter(bare, namespace)
        const write = writers.content(shape, only)
        const root = rootOf(name, operation.output ?? '')
        return (value) => DECLARATION + element(root, write(value), namespace)
      },
      payload(member) {
        const write = writers.content(structureOf(model, member.shape))
        const root = rootOf(name, member.locationName ?? member.shape)
        return (value) => DECLARATION + element(root, write(value), namespace)
      },
      nothing: '',
    })
  },
  writeFault(target, fault, requestId) {
    const headers = { ...s3RequestIds(requestId), 'content-type': 'application/xml', ...fault.headers }
    if (fault.status === NOT_MODIFIED) return { status: fault.status, headers, body: '' }
    const body =
      element('Code', escapeXml(fault.code)) +
      element('Message', escapeXml(fault.message)) +
      xmlErrorMembers(target, fault) +
      plainMembers(target, fault) +
      element('RequestId', escapeXml(requestId)) +
      element('HostId', escapeXml(hostId(requestId)))
    // An answer to HEAD has no body; the server leaves it out.
    return { status: fault.status, headers, body: DECLARATION + element('Error', body) }
  },
}

/** S3's errors carry members that no shape lists, e.g. `<BucketName>`; those that are text are written as they are named. */
function plainMembers(target: FaultTarget, fault: Fault): string {
  const modelled = modelledError(target, fault)?.shape.members ?? {}
  return Object.entries(fault.members ?? {})
    .filter(([name, value]) => typeof value === 'string' && ELEMENT_NAME.test(name) && !Object.hasOwn(modelled, name))
    .map(([name, value]) => element(name, escapeXml(String(value))))
    .join('')
}

function bareWriter(member: string, namespace: string): (value: object) => string {
  return (value) => {
    const text = (value as Readonly<Record<string, unknown>>)[member]
    return DECLARATION + element(member, typeof text === 'string' ? escapeXml(text) : '', namespace)
  }
}

function xmlBody(read: XmlRead, root: string): BodyRead {
  return (body, cursor) => {
    if (body.length === 0) return undefined
    const tree = parseXml(body)
    if (tree.name !== root) throw new Malformed(`The root element is not ${root}`, '')
    return read([tree], cursor, 0)
  }
}

/** What clients of S3 look at; the second id is the host's, of which there is one. */
const s3RequestIds = (requestId: string): Record<string, string> => ({
  'x-amz-request-id': requestId,
  'x-amz-id-2': hostId(requestId),
})

const hostId = (requestId: string): string => Buffer.from(`sluice/${requestId}`).toString('base64')

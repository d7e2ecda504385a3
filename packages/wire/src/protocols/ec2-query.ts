import { structureOf } from '../model/model.ts'
import { FormReaders } from '../query/read.ts'
import { element, escapeXml } from '../xml/escape.ts'
import { XmlWriters } from '../xml/write.ts'
import { formReader } from './aws-query.ts'
import type { ProtocolCodec } from './protocol.ts'

const PROTOCOL = 'ec2-query'

/** EC2's Query: lists without a name of their own between them and their numbers, answers without a wrapper. */
export const ec2Query: ProtocolCodec = {
  malformedCode: 'InvalidParameterValue',
  compileReader: (model, family, { input }) =>
    formReader(input === undefined ? undefined : new FormReaders(model, family, PROTOCOL).reader(input)),
  compileWriter(model, name, { output }) {
    const write = output === undefined ? () => '' : new XmlWriters(model, PROTOCOL).content(structureOf(model, output))
    const namespace = ` xmlns="${escapeXml(model.xmlNamespace ?? '')}"`
    return (value, requestId) => ({
      status: 200,
      headers: xmlHeaders(requestId),
      body:
        DECLARATION + element(`${name}Response`, element('requestId', escapeXml(requestId)) + write(value), namespace),
    })
  },
  writeFault(_target, fault, requestId) {
    const error = element('Code', escapeXml(fault.code)) + element('Message', escapeXml(fault.message))
    return {
      status: fault.status,
      headers: xmlHeaders(requestId),
      body:
        DECLARATION +
        element('Response', element('Errors', element('Error', error)) + element('RequestID', escapeXml(requestId))),
    }
  },
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

const xmlHeaders = (requestId: string): Record<string, string> => ({
  'content-type': 'text/xml;charset=UTF-8',
  'x-amzn-requestid': requestId,
})

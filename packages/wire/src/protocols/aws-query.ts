import type { Fault } from '../fault.ts'
import { formOf } from '../identify.ts'
import { loadModel } from '../model/load.ts'
import { structureOf } from '../model/model.ts'
import { parseForm } from '../query/form.ts'
import { FormReaders } from '../query/read.ts'
import type { FaultTarget } from '../request.ts'
import { splitUrl } from '../scope.ts'
import { element, escapeXml } from '../xml/escape.ts'
import { XmlWriters } from '../xml/write.ts'
import { modelledError, queryCodeOf } from './modelled-error.ts'
import { type InputRead, type ProtocolCodec, wholeBody } from './protocol.ts'

const PROTOCOL = 'aws-query'

/** AWS Query: a form in, XML out. */
export const awsQuery: ProtocolCodec = {
  malformedCode: 'MalformedInput',
  compileReader: (model, family, { input }) =>
    formReader(input === undefined ? undefined : new FormReaders(model, family, PROTOCOL).reader(input)),
  compileWriter(model, name, { output, resultWrapper }) {
    const write = output === undefined ? undefined : new XmlWriters(model, PROTOCOL).content(structureOf(model, output))
    const open = `<${name}Response xmlns="${escapeXml(model.xmlNamespace ?? '')}">`
    return (value, requestId) => {
      const result = write === undefined ? '' : element(resultWrapper ?? `${name}Result`, write(value))
      const metadata = element('ResponseMetadata', element('RequestId', escapeXml(requestId)))
      return {
        status: 200,
        headers: xmlHeaders(requestId),
        body: `${open}${result}${metadata}</${name}Response>`,
      }
    }
  },
  writeFault(target, fault, requestId) {
    const error =
      element('Type', fault.status < 500 ? 'Sender' : 'Receiver') +
      element('Code', escapeXml(queryCodeOf(target, fault))) +
      element('Message', escapeXml(fault.message)) +
      xmlErrorMembers(target, fault)
    const namespace = target.service === undefined ? undefined : loadModel(target.service).xmlNamespace
    const attribute = namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`
    return {
      status: fault.status,
      headers: xmlHeaders(requestId),
      body: element('ErrorResponse', element('Error', error) + element('RequestId', escapeXml(requestId)), attribute),
    }
  },
}

const xmlHeaders = (requestId: string): Record<string, string> => ({
  'content-type': 'text/xml',
  'x-amzn-requestid': requestId,
})

/** Reads the form of a request, from its body or its URL. */
export function formReader(read: ReturnType<FormReaders['reader']> = () => ({})): InputRead {
  return ({ head, body }, cursor) => {
    const form = parseForm(formOf(head, splitUrl(head.rawUrl), wholeBody(body)) ?? new Uint8Array())
    return read(form, cursor, 0) as Record<string, unknown>
  }
}

/** The modelled members of a fault beside its message, as elements. */
export function xmlErrorMembers(target: FaultTarget, fault: Fault): string {
  const error = modelledError(target, fault)
  return error === undefined ? '' : new XmlWriters(error.model, target.protocol).content(error.shape)(error.members)
}

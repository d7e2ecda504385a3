import type { Fault } from './fault.ts'
import { JsonWriters } from './json/write.ts'
import { loadModel } from './model/load.ts'
import type { Model, StructureShape } from './model/model.ts'
import { XmlWriters } from './query/write.ts'
import { element, escapeXml } from './query/xml.ts'
import type { FaultTarget, Reply } from './request.ts'

const MESSAGE = /^message$/i
const UNSAFE_IN_HEADER = /[^\x21-\x7e]/g

/** Writes an error in the protocol of its request. Members that the error's shape does not model are left out. */
export function writeFault(target: FaultTarget, fault: Fault, requestId: string): Reply {
  switch (target.protocol) {
    case 'aws-json-1.1':
      return jsonFault(target, fault, requestId)
    case 'rest-json-1':
      return restFault(target, fault, requestId)
    case 'aws-query':
      return queryFault(target, fault, requestId)
  }
}

function jsonFault(target: FaultTarget, fault: Fault, requestId: string): Reply {
  return {
    status: fault.status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: JSON.stringify({ __type: fault.code, message: fault.message, ...jsonMembers(target, fault) }),
  }
}

function restFault(target: FaultTarget, fault: Fault, requestId: string): Reply {
  return {
    status: fault.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': fault.code.replace(UNSAFE_IN_HEADER, ''),
    },
    body: JSON.stringify({ message: fault.message, ...jsonMembers(target, fault) }),
  }
}

function queryFault(target: FaultTarget, fault: Fault, requestId: string): Reply {
  const model = target.service === undefined ? undefined : loadModel(target.service)
  const modelled = model === undefined ? undefined : errorOf(model, fault.code)
  const members = model === undefined || modelled === undefined ? '' : xmlMembers(model, modelled.shape, fault)
  const error =
    element('Type', fault.status < 500 ? 'Sender' : 'Receiver') +
    element('Code', escapeXml(modelled?.shape.error?.code ?? fault.code)) +
    element('Message', escapeXml(fault.message)) +
    members
  const namespace = model?.xmlNamespace === undefined ? '' : ` xmlns="${escapeXml(model.xmlNamespace)}"`
  return {
    status: fault.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<ErrorResponse${namespace}>${element('Error', error)}${element('RequestId', escapeXml(requestId))}</ErrorResponse>`,
  }
}

interface ModelledError {
  readonly name: string
  readonly shape: StructureShape
}

/** The error shape a fault's code means: by the shape's name, or by its Query code. */
function errorOf(model: Model, code: string): ModelledError | undefined {
  const direct = Object.hasOwn(model.shapes, code) ? model.shapes[code] : undefined
  if (direct?.type === 'structure' && direct.exception === true) return { name: code, shape: direct }
  for (const [name, shape] of Object.entries(model.shapes)) {
    if (shape.type === 'structure' && shape.exception === true && shape.error?.code === code) return { name, shape }
  }
  return undefined
}

function jsonMembers(target: FaultTarget, { code, members }: Fault): object {
  const model = target.service === undefined ? undefined : loadModel(target.service)
  const modelled = model === undefined || members === undefined ? undefined : errorOf(model, code)
  if (model === undefined || modelled === undefined) return {}
  return new JsonWriters(model).writer(modelled.name)(withoutMessage(members)) as object
}

function xmlMembers(model: Model, shape: StructureShape, { members = {} }: Fault): string {
  const writers = new XmlWriters(model)
  return Object.entries(withoutMessage(members))
    .map(([name, value]) => {
      const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
      return member === undefined || value === undefined || value === null
        ? ''
        : element(member.locationName ?? name, writers.writer(member.shape)(value))
    })
    .join('')
}

const withoutMessage = (members: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !MESSAGE.test(name)))

import { decodeCbor } from '../../cbor/decode.ts'
import type { FaultTarget, Protocol, Reply, ServiceId } from '../../request.ts'
import { type XmlElement, parseXml } from '../../xml/parse.ts'

/** An error as a client reads it. */
export interface Told {
  readonly code: string
  readonly message: string
}

/** Codes of requests that cannot be read, or that break the model, by what AWS documents for each service. */
const UNREADABLE: Readonly<Partial<Record<ServiceId, readonly string[]>>> = {
  logs: ['SerializationException', 'InvalidParameterException', 'ValidationException'],
  mq: ['BadRequestException'],
  kafka: ['BadRequestException'],
  cloudwatch: ['SerializationException', 'MalformedInput', 'ValidationError'],
  iam: ['MalformedInput', 'ValidationError'],
  sts: ['MalformedInput', 'ValidationError'],
  s3: ['MalformedXML', 'InvalidArgument'],
  sns: ['MalformedInput', 'InvalidParameter'],
  resourcegroupstaggingapi: ['SerializationException', 'InvalidParameterException'],
  ec2: ['InvalidParameterValue'],
}
const UNREADABLE_ELSEWHERE = ['SerializationException', 'ValidationException']

/** Whether a request that was identified may be refused by its reader with this code. */
export const isReadersCode = (service: ServiceId, code: string): boolean =>
  (UNREADABLE[service] ?? UNREADABLE_ELSEWHERE).includes(code)

const RPC =
  /^(?:InvalidSignature|MissingAuthenticationToken|IncompleteSignature|UnrecognizedClient|ExpiredToken)Exception$/
const QUERY =
  /^(?:SignatureDoesNotMatch|MissingAuthenticationToken|IncompleteSignature|InvalidClientTokenId|ExpiredToken)$/
const EC2 = /^(?:AuthFailure|IncompleteSignature|RequestExpired)$/
const S3 =
  /^(?:AccessDenied|SignatureDoesNotMatch|Authorization(?:HeaderMalformed|QueryParametersError)|InvalidAccessKeyId|(?:Invalid|Expired)Token|RequestTimeTooSkewed|XAmzContentSHA256Mismatch|Invalid(?:Argument|Request))$/
const SIGNERS: Readonly<Record<Protocol, RegExp>> = {
  'aws-json-1.0': RPC,
  'aws-json-1.1': RPC,
  'rpc-v2-cbor': RPC,
  'rest-json-1': RPC,
  'aws-query': QUERY,
  'ec2-query': EC2,
  'rest-xml': S3,
}

/** Whether a signature may be refused so. S3 has one that the platform does not verify. */
export const isSignersRefusal = (protocol: Protocol, { code, message }: Told): boolean =>
  SIGNERS[protocol].test(code) ||
  (protocol === 'rest-xml' && code === 'NotImplemented' && message.includes('Signature Version 4A'))

/** Codes of requests that name no operation; each has one status. */
export const NOWHERE: ReadonlyMap<string, number> = new Map([
  ['UnknownOperationException', 404],
  ['MissingAuthenticationTokenException', 403],
  ['MissingAction', 400],
  ['InvalidAction', 400],
  ['MethodNotAllowed', 405],
])

/** Reads an error answer as the clients of its protocol do. @throws Error when it is not in that protocol's form */
export function toldBy({ protocol }: FaultTarget, { headers, body }: Reply): Told {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) throw new Error('an error is not a stream')
  const bytes = Buffer.from(body as Uint8Array)
  switch (protocol) {
    case 'aws-json-1.0':
    case 'aws-json-1.1':
      return fromTree(JSON.parse(bytes.toString('utf8')))
    case 'rpc-v2-cbor':
      if (headers['smithy-protocol'] !== 'rpc-v2-cbor') throw new Error('the answer names no protocol')
      return fromTree(decodeCbor(bytes))
    case 'rest-json-1': {
      const { message } = JSON.parse(bytes.toString('utf8')) as { readonly message?: unknown }
      return fromTree({ __type: headers['x-amzn-errortype'], message })
    }
    case 'aws-query':
      return fromXml(bytes, ['ErrorResponse', 'Error'])
    case 'ec2-query':
      return fromXml(bytes, ['Response', 'Errors', 'Error'])
    case 'rest-xml':
      return fromXml(bytes, ['Error'])
  }
}

function fromTree(tree: unknown): Told {
  const { __type: code, message } = tree as { readonly __type?: unknown; readonly message?: unknown }
  if (typeof code !== 'string' || typeof message !== 'string') throw new Error('an error has a code and a message')
  return { code, message }
}

function fromXml(bytes: Uint8Array, [root, ...path]: readonly string[]): Told {
  let at: XmlElement | undefined = parseXml(bytes)
  if (at.name !== root) throw new Error(`an error is in ${String(root)}, not in ${at.name}`)
  for (const name of path) at = childOf(at, name)
  return { code: childOf(at, 'Code').text, message: childOf(at, 'Message').text }
}

function childOf({ children, name: parent }: XmlElement, name: string): XmlElement {
  const [found, ...more] = children.filter((child) => child.name === name)
  if (found === undefined || more.length > 0) throw new Error(`${parent} has not exactly one ${name}`)
  return found
}

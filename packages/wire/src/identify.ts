import {
  REST_SERVICES,
  isForm,
  isRest,
  protocolOf,
  serviceOfTarget,
  serviceOfVersion,
  servicesSignedAs,
} from './catalog.ts'
import { unfold } from './content-encoding.ts'
import type { Fault } from './fault.ts'
import { loadModel } from './model/load.ts'
import { hasOperation } from './model/model.ts'
import { findParameter } from './query/form.ts'
import type { FaultTarget, Identified, Protocol, RequestHead, ServiceId } from './request.ts'
import { type Router, compileRoutes } from './rest/route.ts'
import { s3Path } from './s3-address.ts'
import { type RawUrl, claimedSigningName, splitUrl } from './scope.ts'
import { presignedHeaders } from './sigv4/presigned-headers.ts'

export type Identification =
  | { readonly kind: 'operation'; readonly operation: Identified }
  | { readonly kind: 'unknown'; readonly target: FaultTarget; readonly fault: Fault }
/** A form names its operation in the body, unless the body is in the URL. */
export type HeadIdentification = Identification | { readonly kind: 'form' }

export interface IdentifyOptions {
  /** Host names of the platform beside `localhost`, below which S3's buckets may stand. */
  readonly hosts?: readonly string[]
}

const MAX_SHOWN_NAME = 128

/** Which operation a request asks for, from its raw URL, its headers and, for forms, its `Action`; nothing is verified. */
export function identify(head: RequestHead, body: Uint8Array, options: IdentifyOptions = {}): Identification {
  const identified = identifyHead(head, options)
  if (identified.kind !== 'form') return identified
  const url = splitUrl(head.rawUrl)
  return byAction(readableForm(head, url, body), head, url)
}

/** As {@link identify}, before there is a body: whether to stream it, or what to say when it is not taken. */
export function identifyHead(head: RequestHead, { hosts = [] }: IdentifyOptions = {}): HeadIdentification {
  const url = splitUrl(head.rawUrl)
  const rpc = RPC_V2_PATH.exec(url.path)
  if (rpc !== null && head.headers['smithy-protocol'] !== undefined) return byRpcPath(rpc[1] ?? '', rpc[2] ?? '', head)
  const target = head.headers['x-amz-target']
  if (target !== undefined) return byTarget(target, head)
  const signingName = claimedSigningName(head, url.query)
  // A service of REST alone may be sent a form as an object; what it is signed for decides.
  const signedFor = signingName === undefined ? [] : servicesSignedAs(signingName)
  const isRestOnly = signedFor.length > 0 && signedFor.every((id) => protocolOf(id, isForm) === undefined)
  if (!isRestOnly && hasForm(head, url)) return { kind: 'form' }
  return byPath(head, url, signingName, hosts)
}

const RPC_V2_PATH = /\/service\/([^/]{1,128})\/operation\/([^/]{1,128})$/
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i

function hasForm(head: RequestHead, url: RawUrl): boolean {
  if (head.method !== 'GET') return FORM_TYPE.test(head.headers['content-type'] ?? '')
  return url.query !== '' && findParameter(Buffer.from(url.query, 'latin1'), 'Action') !== undefined
}

/** The form a Query request carries, in its body or, for GET, in its URL. */
export function formOf(head: RequestHead, url: RawUrl, body: Uint8Array): Uint8Array | undefined {
  if (!hasForm(head, url)) return undefined
  return head.method === 'GET' ? Buffer.from(url.query, 'latin1') : body
}

/** What cannot be decompressed has no action; its reader would say no more. */
function readableForm(head: RequestHead, url: RawUrl, body: Uint8Array): Uint8Array {
  try {
    return formOf(head, url, head.method === 'GET' ? body : unfold(head, body)) ?? NO_FORM
  } catch {
    return NO_FORM
  }
}

const NO_FORM = new Uint8Array()

const isJsonRpc = (protocol: Protocol): boolean => protocol === 'aws-json-1.0' || protocol === 'aws-json-1.1'
const isCbor = (protocol: Protocol): boolean => protocol === 'rpc-v2-cbor'

/** `/service/GraniteServiceVersion20100801/operation/PutMetricData`. */
function byRpcPath(name: string, operation: string, head: RequestHead): Identification {
  const service = serviceOfTarget(name)
  const protocol = service === undefined ? undefined : protocolOf(service, isCbor)
  if (service === undefined || protocol === undefined)
    return unknownOperation({ protocol: 'rpc-v2-cbor' }, `${name}.${operation}`)
  return named({ protocol, service, ...queryMode(head) }, service, operation, `${name}.${operation}`)
}

/** `Logs_20140328.PutLogEvents`. */
function byTarget(header: string, head: RequestHead): Identification {
  const dot = header.lastIndexOf('.')
  const service = serviceOfTarget(header.slice(0, Math.max(dot, 0)))
  const protocol = service === undefined ? undefined : protocolOf(service, isJsonRpc)
  if (service === undefined || protocol === undefined) return unknownOperation({ protocol: 'aws-json-1.1' }, header)
  return named({ protocol, service, ...queryMode(head) }, service, header.slice(dot + 1), header)
}

const queryMode = ({ headers }: RequestHead): { readonly queryMode?: boolean } =>
  headers['x-amzn-query-mode']?.toLowerCase() === 'true' ? { queryMode: true } : {}

function named(target: FaultTarget, service: ServiceId, operation: string, asSent: string): Identification {
  return hasOperation(loadModel(service), operation)
    ? { kind: 'operation', operation: { ...target, service, operation } }
    : unknownOperation(target, asSent)
}

const unknownOperation = (target: FaultTarget, asSent: string): Identification =>
  unknown(target, 'UnknownOperationException', 404, `There is no operation ${shown(asSent)}.`)

function byAction(form: Uint8Array, head: RequestHead, url: RawUrl): Identification {
  const action = findParameter(form, 'Action')
  const version = findParameter(form, 'Version') ?? ''
  const signingName = claimedSigningName(head, url.query)
  const service =
    signingName === undefined
      ? serviceOfVersion(version)
      : servicesSignedAs(signingName).find((id) => protocolOf(id, isForm) !== undefined)
  const protocol = service === undefined ? 'aws-query' : (protocolOf(service, isForm) ?? 'aws-query')
  const target: FaultTarget = service === undefined ? { protocol } : { protocol, service }
  if (action === undefined)
    return unknown(target, 'MissingAction', 400, 'The request must contain the parameter Action.')
  if (service !== undefined && hasOperation(loadModel(service), action))
    return { kind: 'operation', operation: { protocol, service, operation: action } }
  return unknown(
    target,
    'InvalidAction',
    400,
    `Could not find operation ${shown(action)} for version ${shown(version || 'NO_VERSION_SPECIFIED')}`,
  )
}

const routers = new Map<ServiceId, Router>()
function router(service: ServiceId): Router {
  const known = routers.get(service)
  if (known !== undefined) return known
  const made = compileRoutes(loadModel(service))
  routers.set(service, made)
  return made
}

function byPath(
  head: RequestHead,
  url: RawUrl,
  signingName: string | undefined,
  hosts: readonly string[],
): Identification {
  const services = signingName === undefined ? REST_SERVICES : servicesSignedAs(signingName)
  for (const service of services) {
    const protocol = protocolOf(service, isRest)
    if (protocol === undefined) continue
    const isS3 = service === 's3'
    const path = isS3 ? s3Path(url.path, head.headers, hosts) : url.path
    const routed = router(service)(head.method, path, url.query, isS3 ? presignedHeaders(head) : head.headers)
    if (routed !== undefined)
      return {
        kind: 'operation',
        operation: { protocol, service, operation: routed.operation, labels: routed.labels },
      }
  }
  return nowhere(head, url, signingName)
}

/** A request that names neither action nor path of a service is answered the way that service answers. */
function nowhere({ method }: RequestHead, { path }: RawUrl, signingName: string | undefined): Identification {
  const [service] = signingName === undefined ? [] : servicesSignedAs(signingName)
  if (signingName === undefined)
    return unknown(
      { protocol: 'rest-json-1' },
      'MissingAuthenticationTokenException',
      403,
      'Missing Authentication Token',
    )
  if (service === 's3')
    return unknown(
      { protocol: 'rest-xml', service },
      'MethodNotAllowed',
      405,
      'The specified method is not allowed against this resource.',
    )
  const target: FaultTarget =
    service === undefined
      ? { protocol: 'rest-json-1' }
      : { protocol: protocolOf(service, () => true) ?? 'rest-json-1', service }
  return unknown(
    target,
    'UnknownOperationException',
    404,
    `There is no operation ${shown(`${method} ${path}`)} in the service ${shown(signingName)}.`,
  )
}

const unknown = (target: FaultTarget, code: string, status: number, message: string): Identification => ({
  kind: 'unknown',
  target,
  fault: { code, status, message },
})

const shown = (text: string): string => (text.length <= MAX_SHOWN_NAME ? text : `${text.slice(0, MAX_SHOWN_NAME)}...`)

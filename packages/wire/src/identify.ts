import type { Fault } from './fault.ts'
import { SERVICE_IDS, loadModel } from './model/load.ts'
import { hasOperation } from './model/model.ts'
import { findParameter } from './query/form.ts'
import type { FaultTarget, Identified, RequestHead, ServiceId } from './request.ts'
import { type Routed, compileRoutes } from './rest/route.ts'
import { type RawUrl, claimedSigningName, splitUrl } from './scope.ts'
import { CATALOG } from './types/catalog.ts'

export type Identification =
  | { readonly kind: 'operation'; readonly operation: Identified }
  | { readonly kind: 'unknown'; readonly target: FaultTarget; readonly fault: Fault }

const MAX_SHOWN_NAME = 128

/** Which operation a request asks for, from its raw URL, its headers and, for forms, its `Action`; nothing is verified. */
export function identify(head: RequestHead, body: Uint8Array): Identification {
  const url = splitUrl(head.rawUrl)
  const target = head.headers['x-amz-target']
  if (target !== undefined) return byTarget(target)
  const form = formOf(head, url, body)
  if (form !== undefined) return byAction(form, head, url)
  return byPath(head, url)
}

/** The form a Query request carries, in its body or, for GET, in its URL. */
export function formOf(head: RequestHead, url: RawUrl, body: Uint8Array): Uint8Array | undefined {
  const type = head.headers['content-type'] ?? ''
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type) && head.method !== 'GET') return body
  if (head.method !== 'GET') return undefined
  const form = Buffer.from(url.query, 'latin1')
  return findParameter(form, 'Action') === undefined ? undefined : form
}

/** `Logs_20140328.PutLogEvents`; some clients send the prefix with its Java package, some without. */
function byTarget(header: string): Identification {
  const dot = header.lastIndexOf('.')
  const prefix = header.slice(0, Math.max(dot, 0))
  const operation = header.slice(dot + 1)
  const service = SERVICE_IDS.find((id) => {
    const { targetPrefix } = CATALOG[id]
    return targetPrefix !== undefined && (targetPrefix === prefix || targetPrefix.split('.').at(-1) === prefix)
  })
  if (service !== undefined && hasOperation(loadModel(service), operation)) return found(service, operation)
  const target: FaultTarget =
    service === undefined ? { protocol: 'aws-json-1.1' } : { protocol: 'aws-json-1.1', service }
  return unknown(target, 'UnknownOperationException', 404, `There is no operation ${shown(header)}.`)
}

function byAction(form: Uint8Array, head: RequestHead, url: RawUrl): Identification {
  const action = findParameter(form, 'Action')
  const version = findParameter(form, 'Version') ?? ''
  const signingName = claimedSigningName(head, url.query)
  const service = SERVICE_IDS.find((id) => {
    const { protocol, signingName: name, apiVersion } = CATALOG[id]
    return protocol === 'aws-query' && (signingName === undefined ? apiVersion === version : name === signingName)
  })
  const target: FaultTarget = service === undefined ? { protocol: 'aws-query' } : { protocol: 'aws-query', service }
  if (action === undefined)
    return unknown(target, 'MissingAction', 400, 'The request must contain the parameter Action.')
  if (service !== undefined && hasOperation(loadModel(service), action)) return found(service, action)
  return unknown(
    target,
    'InvalidAction',
    400,
    `Could not find operation ${shown(action)} for version ${shown(version || 'NO_VERSION_SPECIFIED')}`,
  )
}

const routers = new Map<ServiceId, (method: string, path: string) => Routed | undefined>()
function router(service: ServiceId): (method: string, path: string) => Routed | undefined {
  const known = routers.get(service)
  if (known !== undefined) return known
  const made = compileRoutes(loadModel(service))
  routers.set(service, made)
  return made
}

function byPath(head: RequestHead, url: RawUrl): Identification {
  const signingName = claimedSigningName(head, url.query)
  const services = SERVICE_IDS.filter(
    (id) =>
      CATALOG[id].protocol === 'rest-json-1' && (signingName === undefined || CATALOG[id].signingName === signingName),
  )
  for (const service of services) {
    const routed = router(service)(head.method, url.path)
    if (routed !== undefined) return found(service, routed.operation, routed.labels)
  }
  if (signingName === undefined)
    return unknown(
      { protocol: 'rest-json-1' },
      'MissingAuthenticationTokenException',
      403,
      'Missing Authentication Token',
    )
  return unknown(
    unroutedTarget(signingName),
    'UnknownOperationException',
    404,
    `There is no operation ${shown(`${head.method} ${url.path}`)} in the service ${shown(signingName)}.`,
  )
}

/** A signed request that names a service but neither action nor path of it is answered the way that service answers. */
function unroutedTarget(signingName: string): FaultTarget {
  const service = SERVICE_IDS.find((id) => CATALOG[id].signingName === signingName)
  return service === undefined ? { protocol: 'rest-json-1' } : { protocol: CATALOG[service].protocol, service }
}

function found(service: ServiceId, operation: string, labels?: Readonly<Record<string, string>>): Identification {
  const identified = { protocol: CATALOG[service].protocol, service, operation }
  return { kind: 'operation', operation: labels === undefined ? identified : { ...identified, labels } }
}

const unknown = (target: FaultTarget, code: string, status: number, message: string): Identification => ({
  kind: 'unknown',
  target,
  fault: { code, status, message },
})

const shown = (text: string): string => (text.length <= MAX_SHOWN_NAME ? text : `${text.slice(0, MAX_SHOWN_NAME)}...`)

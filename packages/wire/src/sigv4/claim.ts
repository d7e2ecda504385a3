import { refusal } from '../auth-faults.ts'
import { throwFault } from '../fault.ts'
import type { FaultTarget, RequestHead } from '../request.ts'
import { type CredentialScope, parseCredential, splitUrl } from '../scope.ts'
import { CATALOG } from '../types/catalog.ts'
import { ALGORITHM } from './canonical.ts'
import { basicTime, parseRequestTime } from './time.ts'

/** What a signed request says about its signature; nothing of it is verified yet. */
export interface SignatureClaim {
  readonly form: 'header' | 'query'
  readonly accessKeyId: string
  /** `YYYYMMDD` of the credential scope. */
  readonly date: string
  readonly region: string
  /** The service's name in the credential scope. */
  readonly signingName: string
  /** When the request says it was signed, in milliseconds since 1970. */
  readonly timestamp: number
  /** Only in the query form: how long it holds. */
  readonly expiresSeconds?: number
  /** Lower case, sorted. */
  readonly signedHeaders: readonly string[]
  /** Lower-case hex. */
  readonly signature: string
  readonly sessionToken?: string
}

const SIGNATURE = /^[0-9a-f]{64}$/
const REGION = /^[a-z0-9-]{1,32}$/
const HEADER_NAMES = /^[!#$%&'*+.^_`|~0-9a-z-]+(;[!#$%&'*+.^_`|~0-9a-z-]+)*$/
const MAX_SIGNED_HEADERS = 100
/** Seven days, as AWS allows. */
const MAX_EXPIRES_SECONDS = 604_800

/**
 * Reads the signature's parts from the Authorization header or, for presigned requests, from the query.
 * @throws WireError when there is none, or it is not whole: AWS's code for the protocol of `target`.
 */
export function readSignature(head: RequestHead, target: FaultTarget): SignatureClaim {
  const authorization = head.headers['authorization']
  if (authorization !== undefined) return fromHeader(authorization, head, target)
  const query = parameters(splitUrl(head.rawUrl).query)
  if (query.has('X-Amz-Signature') || query.has('X-Amz-Credential')) return fromQuery(query, head, target)
  const message =
    target.protocol === 'aws-query' ? 'Request is missing Authentication Token' : 'Missing Authentication Token'
  return throwFault(refusal('missingToken', target, message))
}

function fromHeader(authorization: string, head: RequestHead, target: FaultTarget): SignatureClaim {
  if (!authorization.startsWith(`${ALGORITHM} `))
    return incomplete(target, `Unsupported AWS 'algorithm' in 'Authorization': it must be '${ALGORITHM}'.`)
  const parts = new Map<string, string>()
  for (const part of authorization.slice(ALGORITHM.length + 1).split(',')) {
    const equals = part.indexOf('=')
    if (equals === -1)
      return incomplete(
        target,
        `'${shown(part.trim())}' not a valid key=value pair (missing equal-sign) in Authorization header.`,
      )
    parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  const date = head.headers['x-amz-date'] ?? head.headers['date']
  const [credential, signature, signed] = [parts.get('Credential'), parts.get('Signature'), parts.get('SignedHeaders')]
  const missing = [
    ...(credential ? [] : ["Authorization header requires 'Credential' parameter."]),
    ...(signature ? [] : ["Authorization header requires 'Signature' parameter."]),
    ...(signed ? [] : ["Authorization header requires 'SignedHeaders' parameter."]),
    ...(date ? [] : ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."]),
  ]
  if (!credential || !signature || !signed || !date) return incomplete(target, missing.join(' '))
  const signedHeaders = headerNames(signed, target)
  for (const name of ['host', ...Object.keys(head.headers).filter((header) => header.startsWith('x-amz-'))]) {
    if (!signedHeaders.includes(name)) return unsigned(name, target)
  }
  const token = head.headers['x-amz-security-token']
  return {
    form: 'header',
    ...scoped(credential, date, target),
    signedHeaders,
    signature: hex(signature, target),
    ...(token === undefined ? {} : { sessionToken: token }),
  }
}

function fromQuery(query: ReadonlyMap<string, string>, head: RequestHead, target: FaultTarget): SignatureClaim {
  const names = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
    'X-Amz-Expires',
  ] as const
  const missing = names.filter((name) => !query.get(name))
  const [algorithm = '', credential = '', date = '', signed = '', signature = '', expires = ''] = names.map(
    (name) => query.get(name) ?? '',
  )
  if (missing.length > 0)
    return incomplete(
      target,
      `AWS query-string parameters must include ${missing.map((name) => `'${name}'`).join(', ')}.`,
    )
  if (algorithm !== ALGORITHM)
    return incomplete(target, `Unsupported AWS 'X-Amz-Algorithm': it must be '${ALGORITHM}'.`)
  const expiresSeconds = Number(expires)
  if (!/^\d{1,9}$/.test(expires) || expiresSeconds < 1 || expiresSeconds > MAX_EXPIRES_SECONDS) {
    return incomplete(target, `X-Amz-Expires must be a number of seconds from 1 to ${String(MAX_EXPIRES_SECONDS)}.`)
  }
  const signedHeaders = headerNames(signed, target)
  if (!signedHeaders.includes('host')) return unsigned('host', target)
  const token = query.get('X-Amz-Security-Token') ?? head.headers['x-amz-security-token']
  const claim = { ...scoped(credential, date, target), signedHeaders, signature: hex(signature, target) }
  return { form: 'query', ...claim, expiresSeconds, ...(token === undefined ? {} : { sessionToken: token }) }
}

interface ScopedClaim extends Omit<CredentialScope, 'terminator'> {
  readonly timestamp: number
}

function scoped(credential: string, date: string, target: FaultTarget): ScopedClaim {
  const scope = parseCredential(credential)
  if (scope === undefined)
    return incomplete(
      target,
      'Credential must have at least 5 slash-delimited elements, e.g. keyid/date/region/service/term, got another form.',
    )
  const { terminator, ...rest } = scope
  const timestamp = parseRequestTime(date)
  if (timestamp === undefined)
    return incomplete(target, "Date must be in ISO-8601 'basic format', such as 20261121T100000Z, or an HTTP date.")
  const expected = target.service === undefined ? undefined : CATALOG[target.service].signingName
  const wrong = [
    ...(REGION.test(scope.region)
      ? []
      : [`Credential should be scoped to a valid region, not '${shown(scope.region)}'.`]),
    ...(expected === undefined || scope.signingName === expected
      ? []
      : [`Credential should be scoped to correct service: '${expected}'.`]),
    ...(terminator === 'aws4_request'
      ? []
      : [`Credential should be scoped with a valid terminator: 'aws4_request', not '${shown(terminator)}'.`]),
    ...(basicTime(timestamp).startsWith(`${scope.date}T`) ? [] : [dateMismatch(scope.date, timestamp)]),
  ]
  if (wrong.length > 0) throwFault(refusal('badSignature', target, wrong.join(' ')))
  return { ...rest, timestamp }
}

function dateMismatch(date: string, timestamp: number): string {
  const time = basicTime(timestamp)
  return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${shown(date)}' != '${time.slice(0, 8)}', from '${time}'.`
}

function headerNames(text: string, target: FaultTarget): readonly string[] {
  const names = HEADER_NAMES.test(text) ? text.split(';') : []
  const sorted = names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name)
  if (names.length === 0 || names.length > MAX_SIGNED_HEADERS || !sorted) {
    return incomplete(
      target,
      "'SignedHeaders' must be lower-case header names, sorted, each once, with ';' between them.",
    )
  }
  return names
}

const hex = (text: string, target: FaultTarget): string =>
  SIGNATURE.test(text) ? text : incomplete(target, "'Signature' must be 64 lower-case hexadecimal digits.")

const unsigned = (name: string, target: FaultTarget): never =>
  throwFault(refusal('badSignature', target, `'${shown(name)}' must be a 'SignedHeader' in the AWS Authorization.`))

const incomplete = (target: FaultTarget, message: string): never =>
  throwFault(refusal('incompleteSignature', target, message))

const shown = (text: string): string => (text.length <= 64 ? text : `${text.slice(0, 64)}...`)

/** The decoded `X-Amz-` parameters; the first of each name counts, as it does for AWS. */
function parameters(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    if (!name.startsWith('X-Amz-') || found.has(name)) continue
    try {
      found.set(name, decodeURIComponent(equals === -1 ? '' : pair.slice(equals + 1)))
    } catch {
      // Broken percent-encoding: as if it had not been sent, so it is named among the missing.
    }
  }
  return found
}

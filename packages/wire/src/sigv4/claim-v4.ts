import type { RequestHead } from '../request.ts'
import { type CredentialScope, parseCredential } from '../scope.ts'
import { ALGORITHM } from './canonical.ts'
import { type ClaimProblem, MAX_EXPIRES_SECONDS, type ScopeFault } from './problem.ts'
import type { V4Claim } from './signature-claim.ts'
import { basicTime, parseRequestTime } from './time.ts'
import { S3 } from './words.ts'

export type Refuse = (problem: ClaimProblem) => never

/** What a claim is read with. */
export interface V4Reading {
  readonly head: RequestHead
  /** The service's name in credential scopes: the one the request was found to be for, else the one it claims. */
  readonly expected: string | undefined
  readonly refuse: Refuse
}

const SIGNATURE = /^[0-9a-f]{64}$/
const REGION = /^[a-z0-9-]{1,32}$/
const HEADER_NAMES = /^[!#$%&'*+.^_`|~0-9a-z-]+(;[!#$%&'*+.^_`|~0-9a-z-]+)*$/
const MAX_SIGNED_HEADERS = 100

export function readV4Header(authorization: string, reading: V4Reading): V4Claim {
  const { head, refuse } = reading
  const space = authorization.indexOf(' ')
  const scheme = space === -1 ? authorization : authorization.slice(0, space)
  if (scheme !== ALGORITHM || space === -1) return refuse({ kind: 'algorithm', scheme, authorization })
  const parts = new Map<string, string>()
  for (const part of authorization.slice(space + 1).split(',')) {
    const equals = part.indexOf('=')
    if (equals === -1) return refuse({ kind: 'part', part: part.trim() })
    parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  const date = head.headers['x-amz-date'] ?? head.headers['date'] ?? ''
  const [credential = '', signature = '', signed = ''] = ['Credential', 'Signature', 'SignedHeaders'].map((name) =>
    parts.get(name),
  )
  const given = { Credential: credential, Signature: signature, SignedHeaders: signed, Date: date }
  const missing = Object.entries(given).flatMap(([name, value]) => (value === '' ? [name] : []))
  if (missing.length > 0) return refuse({ kind: 'missing', names: missing })
  const claim = claimOf({ credential, date, signed, signature }, reading)
  const token = head.headers['x-amz-security-token']
  return { version: 4, form: 'header', ...claim, ...(token === undefined ? {} : { sessionToken: token }) }
}

const QUERY_NAMES = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
  'X-Amz-Expires',
] as const

export function readV4Query(parameters: ReadonlyMap<string, string>, reading: V4Reading): V4Claim {
  const { head, expected, refuse } = reading
  const missing = QUERY_NAMES.filter((name) => !parameters.get(name))
  if (missing.length > 0) return refuse({ kind: 'missing', names: missing })
  const [algorithm = '', credential = '', date = '', signed = '', signature = '', expires = ''] = QUERY_NAMES.map(
    (name) => parameters.get(name),
  )
  if (algorithm !== ALGORITHM) return refuse({ kind: 'algorithm', scheme: algorithm, authorization: algorithm })
  const expiresSeconds = Number(expires)
  // For S3 none is a length too: such a URL has expired.
  const least = expected === S3 ? 0 : 1
  if (!/^\d{1,9}$/.test(expires) || expiresSeconds < least || expiresSeconds > MAX_EXPIRES_SECONDS)
    return refuse({ kind: 'expires', expires })
  const claim = claimOf({ credential, date, signed, signature }, reading)
  const token = parameters.get('X-Amz-Security-Token') ?? head.headers['x-amz-security-token']
  return {
    version: 4,
    form: 'query',
    ...claim,
    expiresSeconds,
    ...(token === undefined ? {} : { sessionToken: token }),
  }
}

interface V4Text {
  readonly credential: string
  readonly date: string
  readonly signed: string
  readonly signature: string
}

type CommonClaim = Omit<V4Claim, 'version' | 'form' | 'expiresSeconds' | 'sessionToken'>

function claimOf({ credential, date, signed, signature }: V4Text, reading: V4Reading): CommonClaim {
  const signedHeaders = headerNames(signed, reading.refuse)
  refuseUnsigned(signedHeaders, reading)
  const scope = scoped(credential, date, reading)
  if (!SIGNATURE.test(signature)) return reading.refuse({ kind: 'signature' })
  return { ...scope, signedHeaders, signature }
}

interface ScopedClaim extends Omit<CredentialScope, 'terminator'> {
  readonly timestamp: number
}

function scoped(credential: string, date: string, { expected, refuse }: V4Reading): ScopedClaim {
  const scope = parseCredential(credential)
  if (scope === undefined) return refuse({ kind: 'credential' })
  const { terminator, ...rest } = scope
  const timestamp = parseRequestTime(date)
  if (timestamp === undefined) return refuse({ kind: 'date' })
  const time = basicTime(timestamp)
  const [first, ...others]: readonly ScopeFault[] = [
    ...(REGION.test(scope.region) ? [] : [{ part: 'region', value: scope.region } as const]),
    ...(expected === undefined || scope.signingName === expected
      ? []
      : [{ part: 'service', value: scope.signingName, expected } as const]),
    ...(terminator === 'aws4_request' ? [] : [{ part: 'terminator', value: terminator } as const]),
    ...(time.startsWith(`${scope.date}T`) ? [] : [{ part: 'date', value: scope.date, time } as const]),
  ]
  if (first !== undefined) return refuse({ kind: 'scope', faults: [first, ...others] })
  return { ...rest, timestamp }
}

function headerNames(text: string, refuse: Refuse): readonly string[] {
  const names = HEADER_NAMES.test(text) ? text.split(';') : []
  const sorted = names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name)
  if (names.length === 0 || names.length > MAX_SIGNED_HEADERS || !sorted) return refuse({ kind: 'signed headers' })
  return names
}

/**
 * The host and whatever AWS reads from `x-amz-` headers must be signed, or it could be changed on the way. The body's
 * hash need not be: it is a line of what is signed.
 */
function refuseUnsigned(signedHeaders: readonly string[], { head, expected, refuse }: V4Reading): void {
  const needed = Object.keys(head.headers).filter(
    (name) =>
      (name.startsWith('x-amz-') && name !== 'x-amz-content-sha256') || (name === 'content-md5' && expected === S3),
  )
  const [first, ...others] = ['host', ...needed].filter((name) => !signedHeaders.includes(name))
  if (first !== undefined) refuse({ kind: 'not signed', names: [first, ...others] })
}

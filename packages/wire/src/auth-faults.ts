import type { Fault } from './fault.ts'
import type { FaultTarget, Protocol } from './request.ts'

/** The families of codes: JSON and CBOR, REST with JSON, Query, EC2, S3. */
type Style = 'rpc' | 'rest' | 'query' | 'ec2' | 's3'

const STYLES: Readonly<Record<Protocol, Style>> = {
  'aws-json-1.0': 'rpc',
  'aws-json-1.1': 'rpc',
  'rpc-v2-cbor': 'rpc',
  'rest-json-1': 'rest',
  'aws-query': 'query',
  'ec2-query': 'ec2',
  'rest-xml': 's3',
}

/** Codes and statuses of refusals that no service models; the texts are AWS's. */
interface Refusal {
  readonly codes: Readonly<Record<Style, string>>
  readonly statuses: Readonly<Record<Style, number>>
  /** Where a family says it in other words. */
  readonly messages?: Readonly<Partial<Record<Style, string>>>
}

const CLIENT_ERROR: Refusal['statuses'] = { rpc: 400, rest: 403, query: 403, ec2: 401, s3: 403 }

/** AWS's names end in `Exception` in JSON's families. */
const named = (name: string, ec2: string = name, s3: string = name): Refusal['codes'] => ({
  rpc: `${name}Exception`,
  rest: `${name}Exception`,
  query: name,
  ec2,
  s3,
})

const EC2_AUTH_FAILURE = 'AWS was not able to validate the provided access credentials'

const REFUSALS = {
  accessDenied: { codes: named('AccessDenied', 'UnauthorizedOperation'), statuses: { ...CLIENT_ERROR, ec2: 403 } },
  missingToken: {
    codes: named('MissingAuthenticationToken', 'AuthFailure', 'AccessDenied'),
    statuses: CLIENT_ERROR,
    messages: { ec2: EC2_AUTH_FAILURE, s3: 'Access Denied' },
  },
  incompleteSignature: {
    codes: named('IncompleteSignature', 'IncompleteSignature', 'AuthorizationHeaderMalformed'),
    statuses: { ...CLIENT_ERROR, query: 400, ec2: 400, s3: 400 },
  },
  expiredToken: {
    codes: named('ExpiredToken', 'RequestExpired', 'ExpiredToken'),
    statuses: { ...CLIENT_ERROR, ec2: 400, s3: 400 },
    messages: { ec2: 'Request has expired.', s3: 'The provided token has expired.' },
  },
  unknownKey: {
    codes: {
      rpc: 'UnrecognizedClientException',
      rest: 'UnrecognizedClientException',
      query: 'InvalidClientTokenId',
      ec2: 'AuthFailure',
      s3: 'InvalidAccessKeyId',
    },
    statuses: CLIENT_ERROR,
    messages: {
      ec2: EC2_AUTH_FAILURE,
      s3: 'The AWS Access Key Id you provided does not exist in our records.',
    },
  },
  badSignature: {
    codes: {
      rpc: 'InvalidSignatureException',
      rest: 'InvalidSignatureException',
      query: 'SignatureDoesNotMatch',
      ec2: 'AuthFailure',
      s3: 'SignatureDoesNotMatch',
    },
    statuses: CLIENT_ERROR,
  },
} as const satisfies Record<string, Refusal>

export function refusal(kind: keyof typeof REFUSALS, { protocol }: FaultTarget, message: string): Fault {
  const { codes, statuses, messages }: Refusal = REFUSALS[kind]
  const style = STYLES[protocol]
  return { code: codes[style], status: statuses[style], message: messages?.[style] ?? message }
}

/** The access key is unknown or inactive, or the session token does not belong to it. */
export const unknownKeyFault = (target: FaultTarget): Fault =>
  refusal('unknownKey', target, 'The security token included in the request is invalid.')

/** The session has ended. */
export const expiredTokenFault = (target: FaultTarget): Fault =>
  refusal('expiredToken', target, 'The security token included in the request is expired')

/** The caller is known, but may not do this; `message` says why in AWS's words. */
export const accessDeniedFault = (target: FaultTarget, message: string): Fault =>
  refusal('accessDenied', target, message)

/** The credential is scoped to a region that no region is called. */
export const unknownRegionFault = (target: FaultTarget, region: string): Fault =>
  refusal('badSignature', target, `Credential should be scoped to a valid region, not '${region}'.`)

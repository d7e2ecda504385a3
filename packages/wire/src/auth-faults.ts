import type { Fault } from './fault.ts'
import type { FaultTarget, Protocol } from './request.ts'

/** Codes and statuses of refusals that no service models, a protocol each; the texts are AWS's. */
interface Refusal {
  readonly codes: Readonly<Record<Protocol, string>>
  readonly statuses: Readonly<Record<Protocol, number>>
}

const CLIENT_ERROR: Refusal['statuses'] = { 'aws-json-1.1': 400, 'rest-json-1': 403, 'aws-query': 403 }

/** AWS's names end in `Exception` outside Query. */
const named = (name: string): Refusal['codes'] => ({
  'aws-json-1.1': `${name}Exception`,
  'rest-json-1': `${name}Exception`,
  'aws-query': name,
})

const REFUSALS = {
  accessDenied: { codes: named('AccessDenied'), statuses: CLIENT_ERROR },
  missingToken: { codes: named('MissingAuthenticationToken'), statuses: CLIENT_ERROR },
  incompleteSignature: { codes: named('IncompleteSignature'), statuses: { ...CLIENT_ERROR, 'aws-query': 400 } },
  expiredToken: { codes: named('ExpiredToken'), statuses: CLIENT_ERROR },
  unknownKey: {
    codes: {
      'aws-json-1.1': 'UnrecognizedClientException',
      'rest-json-1': 'UnrecognizedClientException',
      'aws-query': 'InvalidClientTokenId',
    },
    statuses: CLIENT_ERROR,
  },
  badSignature: {
    codes: {
      'aws-json-1.1': 'InvalidSignatureException',
      'rest-json-1': 'InvalidSignatureException',
      'aws-query': 'SignatureDoesNotMatch',
    },
    statuses: CLIENT_ERROR,
  },
} as const satisfies Record<string, Refusal>

export function refusal(kind: keyof typeof REFUSALS, { protocol }: FaultTarget, message: string): Fault {
  const { codes, statuses } = REFUSALS[kind]
  return { code: codes[protocol], status: statuses[protocol], message }
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

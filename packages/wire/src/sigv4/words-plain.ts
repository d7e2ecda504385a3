import { expiredTokenFault, refusal, unknownKeyFault } from '../auth-faults.ts'
import type { Fault } from '../fault.ts'
import type { FaultTarget, Protocol } from '../request.ts'
import type { AuthWords, Untimely } from './auth-words.ts'
import { ALGORITHM } from './canonical.ts'
import { type ClaimProblem, MAX_EXPIRES_SECONDS, type ScopeFault } from './problem.ts'
import { shown } from './shown.ts'
import type { SignatureForm } from './signature-claim.ts'
import { basicTime } from './time.ts'

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

const DEFAULT_SKEW_MINUTES = 5
/** @source STS and IAM tell it in their own answers: '… - 15 min.', where others say 5 */
const SKEW_MINUTES: Readonly<Partial<Record<Protocol, number>>> = { 'aws-query': 15 }

/** The words that JSON, REST and Query services share; codes and statuses are those of the target's protocol. */
export const PLAIN_WORDS: AuthWords = {
  skewMinutes: ({ protocol }) => SKEW_MINUTES[protocol] ?? DEFAULT_SKEW_MINUTES,
  malformed,
  credentials: (problem, _claim, target) =>
    problem === 'ended session' ? expiredTokenFault(target) : unknownKeyFault(target),
  untimely: (time, target) => refusal('badSignature', target, untimelyText(time)),
  mismatch: (_evidence, target) => refusal('badSignature', target, MISMATCH),
  otherBody: (_declared, _computed, target) => refusal('badSignature', target, MISMATCH),
}

function malformed(problem: ClaimProblem, form: SignatureForm, target: FaultTarget): Fault {
  const incomplete = (message: string): Fault => refusal('incompleteSignature', target, message)
  switch (problem.kind) {
    case 'none':
      return refusal(
        'missingToken',
        target,
        target.protocol === 'aws-query' ? 'Request is missing Authentication Token' : 'Missing Authentication Token',
      )
    case 'two mechanisms':
      return incomplete('Sign a request in its Authorization header or in its query string, not in both.')
    case 'version 2':
      return incomplete(
        `Signature Version 2 is not supported; sign the request with Signature Version 4 (${ALGORITHM}).`,
      )
    case 'algorithm':
      return incomplete(
        form === 'query'
          ? `Unsupported AWS 'X-Amz-Algorithm': it must be '${ALGORITHM}'.`
          : `Unsupported AWS 'algorithm' in 'Authorization': it must be '${ALGORITHM}'.`,
      )
    case 'part':
      return incomplete(
        `'${shown(problem.part)}' not a valid key=value pair (missing equal-sign) in Authorization header.`,
      )
    case 'missing':
      return incomplete(form === 'query' ? missingParameters(problem.names) : missingParts(problem.names))
    case 'credential':
      return incomplete(
        'Credential must have at least 5 slash-delimited elements, e.g. keyid/date/region/service/term, got another form.',
      )
    case 'date':
      return incomplete("Date must be in ISO-8601 'basic format', such as 20261121T100000Z, or an HTTP date.")
    case 'scope':
      return refusal('badSignature', target, problem.faults.map(scopeText).join(' '))
    case 'signed headers':
      return incomplete("'SignedHeaders' must be lower-case header names, sorted, each once, with ';' between them.")
    case 'signature':
      return incomplete("'Signature' must be 64 lower-case hexadecimal digits.")
    case 'not signed':
      return refusal(
        'badSignature',
        target,
        `'${shown(problem.names[0])}' must be a 'SignedHeader' in the AWS Authorization.`,
      )
    case 'expires':
      return incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${String(MAX_EXPIRES_SECONDS)}.`)
  }
}

const missingParameters = (names: readonly string[]): string =>
  `AWS query-string parameters must include ${names.map((name) => `'${name}'`).join(', ')}.`

const missingParts = (names: readonly string[]): string =>
  names
    .map((name) =>
      name === 'Date'
        ? "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        : `Authorization header requires '${name}' parameter.`,
    )
    .join(' ')

function scopeText(fault: ScopeFault): string {
  switch (fault.part) {
    case 'region':
      return `Credential should be scoped to a valid region, not '${shown(fault.value)}'.`
    case 'service':
      return `Credential should be scoped to correct service: '${fault.expected}'.`
    case 'terminator':
      return `Credential should be scoped with a valid terminator: 'aws4_request', not '${shown(fault.value)}'.`
    case 'date':
      return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${shown(fault.value)}' != '${fault.time.slice(0, 8)}', from '${fault.time}'.`
  }
}

function untimelyText({ when, nowMillis: now, signedAt = 0, skewMinutes, presigned }: Untimely): string {
  const signed = basicTime(signedAt)
  if (when === 'early') {
    const latest = basicTime(now + skewMinutes * 60_000)
    return `Signature not yet current: ${signed} is still later than ${latest} (${basicTime(now)} + ${String(skewMinutes)} min.)`
  }
  const life = presigned?.seconds === undefined ? skewMinutes * 60_000 : presigned.seconds * 1_000
  const minutes = String(Math.ceil(life / 60_000))
  return `Signature expired: ${signed} is now earlier than ${basicTime(now - life)} (${basicTime(now)} - ${minutes} min.)`
}

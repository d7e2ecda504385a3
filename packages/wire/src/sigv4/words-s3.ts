import { expiredTokenFault, refusal, unknownKeyFault } from '../auth-faults.ts'
import type { Fault } from '../fault.ts'
import { contentSha256Faults } from '../payload/faults.ts'
import type { FaultTarget } from '../request.ts'
import type { AuthWords, CredentialProblem, Evidence, Untimely } from './auth-words.ts'
import { type ClaimProblem, MAX_EXPIRES_SECONDS, type ScopeFault } from './problem.ts'
import { shown } from './shown.ts'
import type { SignatureClaim, SignatureForm } from './signature-claim.ts'
import { isoSeconds } from './time.ts'

const SKEW_MINUTES = 15
type Members = Readonly<Record<string, string>>

/**
 * S3's own words and codes; their members are elements of its answer by these very names, so all are text.
 * @source answers of S3 on record in public, such as in the issue trackers of versitygw and of the AWS SDKs
 */
export const S3_WORDS: AuthWords = {
  skewMinutes: () => SKEW_MINUTES,
  malformed,
  credentials,
  untimely,
  mismatch: s3Mismatch,
  otherBody: contentSha256Faults.mismatch,
}

/** The signature of a head, a chunk or trailing headers is not the one we calculate. */
export function s3Mismatch(evidence?: Evidence): Fault {
  return {
    code: 'SignatureDoesNotMatch',
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ...(evidence === undefined ? {} : { members: evidenceMembers(evidence) }),
  }
}

const accessDenied = (message: string, members: Members = {}): Fault => ({
  code: 'AccessDenied',
  status: 403,
  message,
  members,
})

const invalidArgument = (message: string, authorization: string | undefined): Fault => ({
  code: 'InvalidArgument',
  status: 400,
  message,
  members: {
    ArgumentName: 'Authorization',
    ...(authorization === undefined ? {} : { ArgumentValue: authorization }),
  },
})

const badHeader = (what: string): Fault => ({
  code: 'AuthorizationHeaderMalformed',
  status: 400,
  message: `The authorization header is malformed; ${what}`,
})

const badQuery = (message: string): Fault => ({ code: 'AuthorizationQueryParametersError', status: 400, message })

const NO_DATE = accessDenied('AWS authentication requires a valid Date or x-amz-date header')

/** What only Signature Version 2 can get wrong. */
export const V2_FAULTS = {
  header: (authorization: string): Fault =>
    invalidArgument('AWS authorization header is invalid.  Expected AwsAccessKeyId:signature', authorization),
  parameters: accessDenied('Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters'),
  expires: (text: string): Fault => accessDenied(`Invalid date (should be seconds since epoch): ${shown(text)}`),
  date: NO_DATE,
} as const

function malformed(problem: ClaimProblem, form: SignatureForm, target: FaultTarget): Fault {
  switch (problem.kind) {
    case 'none':
      return refusal('missingToken', target, 'Access Denied')
    case 'two mechanisms':
      return invalidArgument(
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, ' +
          'Signature query string parameter or the Authorization header should be specified',
        problem.authorization,
      )
    case 'algorithm':
      return algorithmFault(problem.scheme, problem.authorization, form)
    case 'version 2':
    case 'part':
      return badHeader(THREE_COMPONENTS)
    case 'missing':
      if (form === 'query') return badQuery(SIX_PARAMETERS)
      return problem.names.every((name) => name === 'Date') ? NO_DATE : badHeader(THREE_COMPONENTS)
    case 'credential':
      return inCredential(
        form,
        'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
      )
    case 'date':
      return form === 'query'
        ? badQuery(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
        : NO_DATE
    case 'scope':
      return scopeFault(problem.faults[0], form)
    case 'signed headers':
      return component('SignedHeaders', form)
    case 'signature':
      return component('Signature', form)
    case 'not signed':
      return accessDenied('There were headers present in the request which were not signed', {
        HeadersNotSigned: problem.names.join(', '),
      })
    case 'expires':
      return badQuery(expiresText(problem.expires))
  }
}

const THREE_COMPONENTS = 'the authorization header requires three components: Credential, SignedHeaders, and Signature.'
const SIX_PARAMETERS =
  'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, ' +
  'X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.'

/** Ours: S3 takes the asymmetric Version 4A, the platform does not. */
const ASYMMETRIC: Fault = {
  code: 'NotImplemented',
  status: 501,
  message:
    'A header you provided implies functionality that is not implemented: Signature Version 4A ' +
    '(AWS4-ECDSA-P256-SHA256); sign with AWS4-HMAC-SHA256 instead.',
}

function algorithmFault(scheme: string, authorization: string, form: SignatureForm): Fault {
  if (scheme === 'AWS4-ECDSA-P256-SHA256') return ASYMMETRIC
  if (form === 'query') return badQuery('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"')
  if (scheme === authorization)
    return invalidArgument("Authorization header is invalid -- one and only one ' ' (space) required", authorization)
  return invalidArgument('Unsupported Authorization Type', authorization)
}

const inCredential = (form: SignatureForm, what: string): Fault =>
  form === 'query' ? badQuery(`Error parsing the X-Amz-Credential parameter; ${what}`) : badHeader(what)

const component = (name: string, form: SignatureForm): Fault =>
  form === 'query'
    ? badQuery(`The X-Amz-${name} parameter is malformed.`)
    : badHeader(`the authorization component "${name}" is malformed.`)

function scopeFault(fault: ScopeFault, form: SignatureForm): Fault {
  switch (fault.part) {
    case 'region':
      return inCredential(form, `the region '${shown(fault.value)}' is wrong`)
    case 'service':
      return inCredential(
        form,
        `incorrect service "${shown(fault.value)}". This endpoint belongs to "${fault.expected}".`,
      )
    case 'terminator':
      return inCredential(form, `incorrect terminal "${shown(fault.value)}". This endpoint uses "aws4_request".`)
    case 'date':
      return form === 'query'
        ? badQuery(
            `Invalid credential date "${shown(fault.value)}". This date is not the same as X-Amz-Date: "${fault.time.slice(0, 8)}".`,
          )
        : badHeader('Invalid credential date. Date is not the same as X-Amz-Date.')
  }
}

function expiresText(expires: string): string {
  if (!/^[+-]?\d+$/.test(expires)) return 'X-Amz-Expires should be a number'
  if (expires.startsWith('-')) return 'X-Amz-Expires must be non-negative'
  const week = String(MAX_EXPIRES_SECONDS)
  return `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${week} seconds`
}

function credentials(
  problem: CredentialProblem,
  { accessKeyId, sessionToken }: SignatureClaim,
  target: FaultTarget,
): Fault {
  if (problem === 'ended session') return expiredTokenFault(target)
  // Without its token the key of a session is one that S3 does not know.
  if (problem === 'other token' && sessionToken !== undefined)
    return { code: 'InvalidToken', status: 400, message: 'The provided token is malformed or otherwise invalid.' }
  return { ...unknownKeyFault(target), members: { AWSAccessKeyId: accessKeyId } }
}

function untimely({ form, when, sent, signedAt = 0, nowMillis, presigned }: Untimely): Fault {
  const server = { ServerTime: isoSeconds(nowMillis) }
  if (form === 'header' || presigned === undefined)
    return {
      code: 'RequestTimeTooSkewed',
      status: 403,
      message: 'The difference between the request time and the current time is too large.',
      members: { RequestTime: shown(sent), ...server, MaxAllowedSkewMilliseconds: String(SKEW_MINUTES * 60_000) },
    }
  const ends = { Expires: isoSeconds(presigned.endsAt), ...server }
  if (when === 'early') return accessDenied('Request is not yet valid', { 'X-Amz-Date': String(signedAt), ...ends })
  return accessDenied('Request has expired', {
    ...(presigned.seconds === undefined ? {} : { 'X-Amz-Expires': String(presigned.seconds) }),
    ...ends,
  })
}

function evidenceMembers({ accessKeyId, signature, stringToSign, canonicalRequest }: Evidence): Members {
  return {
    AWSAccessKeyId: accessKeyId,
    StringToSign: stringToSign,
    SignatureProvided: signature,
    StringToSignBytes: spacedHex(stringToSign),
    ...(canonicalRequest === undefined
      ? {}
      : { CanonicalRequest: canonicalRequest, CanonicalRequestBytes: spacedHex(canonicalRequest) }),
  }
}

const spacedHex = (text: string): string =>
  Buffer.from(text)
    .toString('hex')
    .replaceAll(/..(?!$)/g, '$& ')

import { throwFault } from '../fault.ts'
import type { RequestHead } from '../request.ts'
import type { V2HeaderClaim, V2QueryClaim } from './signature-claim.ts'
import { parseRequestTime } from './time.ts'
import { S3 } from './words.ts'
import { V2_FAULTS } from './words-s3.ts'

const KEY_AND_SIGNATURE = /^AWS ([^:\s]+):([^:\s]+)$/i
/** Seconds since 1970 that S3 takes: what fits 32 bits. */
const MAX_EXPIRES_EPOCH = 2 ** 31 - 1

/** Reads `Authorization: AWS <key>:<signature>`. @throws WireError in S3's words */
export function readV2Header(authorization: string, { headers }: RequestHead): V2HeaderClaim {
  const [, accessKeyId = '', signature = ''] = KEY_AND_SIGNATURE.exec(authorization) ?? []
  if (signature === '') return throwFault(V2_FAULTS.header(authorization))
  const amzDate = headers['x-amz-date']
  const timestamp = parseRequestTime(amzDate ?? headers['date'] ?? '')
  if (timestamp === undefined) return throwFault(V2_FAULTS.date)
  const token = headers['x-amz-security-token']
  return {
    version: 2,
    form: 'header',
    accessKeyId,
    signingName: S3,
    timestamp,
    // An `x-amz-date` is signed among the headers of its kind and leaves the date's own line empty.
    dateLine: amzDate === undefined ? (headers['date'] ?? '') : '',
    signature,
    ...(token === undefined ? {} : { sessionToken: token }),
  }
}

/** Reads `?AWSAccessKeyId=…&Expires=…&Signature=…`. @throws WireError in S3's words */
export function readV2Query(parameters: ReadonlyMap<string, string>, { headers }: RequestHead): V2QueryClaim {
  const accessKeyId = parameters.get('AWSAccessKeyId')
  const expires = parameters.get('Expires')
  const signature = parameters.get('Signature')
  if (!accessKeyId || expires === undefined || !signature) return throwFault(V2_FAULTS.parameters)
  const seconds = /^\d{1,10}$/.test(expires) ? Number(expires) : Infinity
  if (seconds > MAX_EXPIRES_EPOCH) return throwFault(V2_FAULTS.expires(expires))
  const token = headers['x-amz-security-token'] ?? parameters.get('x-amz-security-token')
  return {
    version: 2,
    form: 'query',
    accessKeyId,
    signingName: S3,
    expiresAt: seconds * 1_000,
    dateLine: expires,
    signature,
    ...(token === undefined ? {} : { sessionToken: token }),
  }
}

import type { WireError } from '../../fault.ts'
import type { FaultTarget, RequestHead } from '../../request.ts'
import { ALGORITHM, canonicalRequest } from '../../sigv4/canonical.ts'
import { signText, stringToSign } from '../../sigv4/signature.ts'
import { basicTime } from '../../sigv4/time.ts'

/** The credentials of AWS's examples for S3, and their time. */
export const ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE'
export const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
export const EXAMPLE_TIME = Date.UTC(2013, 4, 24)

export const TARGET: FaultTarget = { protocol: 'rest-xml', service: 's3' }

const SCOPE = { date: '20130524', region: 'us-east-1', signingName: 's3' } as const

interface UnsignedRequest {
  readonly method: string
  readonly rawUrl: string
  readonly headers: Readonly<Record<string, string>>
}

/** A request to S3 signed in its header, all headers and `payload` as its body's hash included. */
export function signedHead({ method, rawUrl, headers }: UnsignedRequest, payload: string): RequestHead {
  const timestamp = basicTime(EXAMPLE_TIME)
  const all = {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-date': timestamp,
    'x-amz-content-sha256': payload,
    ...headers,
  }
  const signedHeaders = Object.keys(all).sort()
  const head = { method, rawUrl, headers: all }
  const canonical = canonicalRequest({ head, signedHeaders, payloadHash: payload, signingName: 's3' })
  const signature = signText(SECRET, SCOPE, stringToSign(SCOPE, timestamp, canonical))
  const credential = `${ACCESS_KEY_ID}/20130524/us-east-1/s3/aws4_request`
  const authorization = `${ALGORITHM} Credential=${credential},SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`
  return { method, rawUrl, headers: { ...all, authorization } }
}

/** A presigned URL of S3, made as clients make them. */
export function presignedUrl(
  method: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): RequestHead {
  const timestamp = basicTime(EXAMPLE_TIME)
  const all = { host: 'examplebucket.s3.amazonaws.com', ...headers }
  const signedHeaders = Object.keys(all).sort()
  const parameters = {
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${ACCESS_KEY_ID}/20130524/us-east-1/s3/aws4_request`,
    'X-Amz-Date': timestamp,
    'X-Amz-Expires': '3600',
    'X-Amz-SignedHeaders': signedHeaders.join(';'),
    ...query,
  }
  const text = Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  const head = { method, rawUrl: `${path}?${text}`, headers: all }
  const payloadHash = query['X-Amz-Content-Sha256'] ?? 'UNSIGNED-PAYLOAD'
  const canonical = canonicalRequest({ head, signedHeaders, payloadHash, signingName: 's3' })
  const signature = signText(SECRET, SCOPE, stringToSign(SCOPE, timestamp, canonical))
  return { ...head, rawUrl: `${head.rawUrl}&X-Amz-Signature=${signature}` }
}

/** The fault that `run` ends with; a test fails when it ends well. */
export async function faultOf(run: () => unknown): Promise<Pick<WireError, 'code' | 'status' | 'message' | 'members'>> {
  try {
    await run()
  } catch (error) {
    const { code, status, message, members } = error as WireError
    return { code, status, message, members }
  }
  throw new Error('it was accepted')
}

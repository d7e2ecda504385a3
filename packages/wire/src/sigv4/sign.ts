import { ALGORITHM, canonicalRequest, sha256Hex } from './canonical.ts'
import { signText, stringToSign } from './signature.ts'
import { basicTime } from './time.ts'

export interface SigningRequest {
  readonly method: string
  /** Absolute, e.g. `http://127.0.0.1:4566/v1/brokers`; its path and query must be sent as they are here. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** The signing name, e.g. `logs`. */
  readonly service: string
  readonly region: string
  readonly accessKeyId: string
  readonly secret: string
  readonly sessionToken?: string
  /** Left out: now. */
  readonly now?: Date
}

/** The headers to send with a request, signed: those given in lower case, and host, date, token, body hash and authorization. */
export function signRequest(request: SigningRequest): Record<string, string> {
  const { method, body, service: signingName, region, accessKeyId, secret, sessionToken, now = new Date() } = request
  const url = new URL(request.url)
  const timestamp = basicTime(now.getTime())
  const payloadHash = sha256Hex(body)
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    host: url.host,
    'x-amz-date': timestamp,
    'x-amz-content-sha256': payloadHash,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  }
  const signedHeaders = Object.keys(headers).sort()
  const head = { method, rawUrl: `${url.pathname}${url.search}`, headers }
  const scope = { date: timestamp.slice(0, 8), region, signingName }
  const canonical = canonicalRequest({ head, signedHeaders, payloadHash, signingName })
  const signature = signText(secret, scope, stringToSign(scope, timestamp, canonical))
  const credential = `${accessKeyId}/${scope.date}/${region}/${signingName}/aws4_request`
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
  }
}

import { hash } from 'node:crypto'
import type { RequestHead } from '../../request.ts'
import { readSignature } from '../../sigv4/claim.ts'
import { signText } from '../../sigv4/signature.ts'
import { verifyHead } from '../../sigv4/verify.ts'
import { declaredPayload } from '../declared.ts'
import { type PayloadOptions, type PayloadPlan, payloadPlan } from '../plan.ts'
import { type PayloadStream, type PayloadSummary, payloadStream } from '../stream.ts'
import { EXAMPLE_TIME, SECRET, TARGET, signedHead } from './s3-request.ts'

/** How a body is framed. */
export interface Framing {
  readonly signed: boolean
  /** `name:value` pairs after the last chunk; left out: the kind of payload that has none, if it is signed. */
  readonly trailers?: Readonly<Record<string, string>>
  /** Sizes of the chunks in order; the last one takes what is left. Left out: all in one. */
  readonly sizes?: readonly number[]
  /** Of the head. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface FramedRequest {
  readonly head: RequestHead
  readonly body: Buffer
}

/** A PutObject of `content` in chunks, as clients send it. */
export function framedRequest(content: Uint8Array, framing: Framing): FramedRequest {
  const { signed, trailers, headers = {} } = framing
  const payload = signed
    ? `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailers === undefined ? '' : '-TRAILER'}`
    : 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  const names = Object.keys(trailers ?? {})
  const head = signedHead(
    {
      method: 'PUT',
      rawUrl: '/examplebucket/chunkObject.txt',
      headers: {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': String(content.length),
        ...(names.length === 0 ? {} : { 'x-amz-trailer': names.join(',') }),
        ...headers,
      },
    },
    payload,
  )
  return { head, body: framed(content, framing, head) }
}

function framed(content: Uint8Array, { signed, trailers, sizes = [] }: Framing, head: RequestHead): Buffer {
  const sign = signerOf(head)
  const parts: (string | Uint8Array)[] = []
  let at = 0
  for (const size of [...sizes, content.length]) {
    const chunk = content.subarray(at, at + size)
    if (chunk.length === 0) continue
    parts.push(chunkHeader(chunk, signed ? sign : undefined), chunk, '\r\n')
    at += chunk.length
  }
  parts.push(chunkHeader(new Uint8Array(), signed ? sign : undefined))
  const lines = Object.entries(trailers ?? {})
  parts.push(...lines.map(([name, value]) => `${name}:${value}\r\n`))
  if (signed && trailers !== undefined)
    parts.push(
      `x-amz-trailer-signature:${sign.trailers(lines.map(([name, value]) => `${name}:${value}\n`).join(''))}\r\n`,
    )
  return Buffer.concat([...parts, '\r\n'].map((part) => Buffer.from(part)))
}

interface Signer {
  chunk(chunk: Uint8Array): string
  trailers(text: string): string
}

const chunkHeader = (chunk: Uint8Array, sign: Signer | undefined): string =>
  `${chunk.length.toString(16)}${sign === undefined ? '' : `;chunk-signature=${sign.chunk(chunk)}`}\r\n`

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const SCOPE = { date: '20130524', region: 'us-east-1', signingName: 's3' }

/** The client's side of the rolling signature, written apart from the server's. */
function signerOf(head: RequestHead): Signer {
  let previous = head.headers['authorization']?.slice(-64) ?? ''
  const sign = (algorithm: string, hashes: string): string => {
    const text = `${algorithm}\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n${previous}\n${hashes}`
    previous = signText(SECRET, SCOPE, text)
    return previous
  }
  return {
    chunk: (chunk) => sign('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY}\n${hash('sha256', chunk)}`),
    trailers: (text) => sign('AWS4-HMAC-SHA256-TRAILER', hash('sha256', text)),
  }
}

/** The plan of a request to S3, its head verified. */
export function planOf(head: RequestHead, options: PayloadOptions = {}): PayloadPlan {
  const claim = readSignature(head, TARGET)
  const payload = declaredPayload(head, claim, TARGET)
  const verified = verifyHead({ claim, head, target: TARGET, secret: SECRET, nowMillis: EXAMPLE_TIME }, payload)
  return payloadPlan(head, payload, verified, options)
}

/** A body as the network would bring it: cut after each of `cuts`. */
export async function* inPieces(body: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const cut of [...cuts.toSorted((a, b) => a - b), body.length]) {
    const end = Math.min(cut, body.length)
    if (end > at || body.length === 0) yield body.subarray(at, end)
    at = Math.max(at, end)
  }
}

/** All that a stream brings, and what is known of it at its end. */
export async function drained(
  stream: PayloadStream,
): Promise<{ readonly content: Buffer; readonly summary: PayloadSummary }> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return { content: Buffer.concat(parts), summary: stream.summary() }
}

/** Reads a framed request's body as the server does. */
export const read = (
  { head, body }: FramedRequest,
  cuts: readonly number[] = [],
  options: PayloadOptions = {},
): ReturnType<typeof drained> => drained(payloadStream(planOf(head, options), inPieces(body, cuts)))

import {
  type ByteStream,
  type DeclaredPayload,
  type Identified,
  type OpenDigests,
  type PayloadPlan,
  type PayloadStream,
  type RequestHead,
  type SignatureClaim,
  type VerifiedHead,
  WireError,
  checkedBytes,
  declaredPayload,
  hostBucket,
  payloadPlan,
  payloadStream,
  serviceModel,
  verifyHead,
  verifySignature,
} from '@sluice/wire'
import type { GatewayRequest } from '#gateway/request.ts'

/** A request's body as it is read further: whole and right, or as a stream that fails when it is not what the request says. */
export type Content = Uint8Array | PayloadStream

/** A signature to be judged, and the secret it is to be made with. */
export interface Signed {
  readonly claim: SignatureClaim
  readonly secret: string
}

/**
 * Makes a body readable, once its sender is known: what is wrong with it is that caller's own and is recorded so.
 * @param openDigests left out: a stream is digested on this thread
 * @throws WireError in the service's words for what the head shows to be wrong with the body
 */
export type OpenContent = (openDigests?: OpenDigests) => Content | Promise<Content>

/**
 * Verifies a signature and says how the body is to be read. S3's bodies are checked while they are read: their hash,
 * the signatures of their chunks, their checksums. All others are hashed as a whole.
 * @param signed left out for a request that needs no signature and has none
 * @param hosts names of the platform below which S3's buckets may stand
 * @throws WireError in the service's words when the signature is not right
 */
export function verifiedContent(
  operation: Identified,
  request: GatewayRequest,
  signed: Signed | undefined,
  hosts: readonly string[],
): OpenContent {
  const { head, body } = request
  if (operation.service === 's3') return s3Content(operation, request, signed, hosts)
  if (signed !== undefined) verifySignature(signed.claim, head, body, signed.secret, Date.now(), operation)
  return () => body
}

function s3Content(
  operation: Identified,
  request: GatewayRequest,
  signed: Signed | undefined,
  hosts: readonly string[],
): OpenContent {
  const { head, body, stream = once(body) } = request
  const isStreamed = serviceModel('s3').isStreamed(operation.operation)
  const payload = declaredPayload(head, signed?.claim, operation)
  const verified = signed === undefined ? undefined : verifiedHead(operation, request, signed, payload, hosts)
  return (openDigests) => {
    const plan = planOf(operation, head, payload, verified)
    return isStreamed ? payloadStream(plan, stream, openDigests) : checkedBytes(plan, body)
  }
}

function planOf(
  operation: Identified,
  head: RequestHead,
  payload: DeclaredPayload,
  verified: VerifiedHead | undefined,
): PayloadPlan {
  const model = serviceModel('s3')
  const plan = payloadPlan(head, payload, verified, {
    chunked: model.isStreamed(operation.operation),
    // There it is the checksum of the object that the parts make, and not of the list of parts.
    checksums: operation.operation !== 'CompleteMultipartUpload',
  })
  if (model.needsChecksum(operation.operation)) demandChecksum(plan)
  return model.isStreamed(operation.operation) ? withDigests(plan) : plan
}

function verifiedHead(
  target: Identified,
  { head }: GatewayRequest,
  { claim, secret }: Signed,
  payload: DeclaredPayload,
  hosts: readonly string[],
): VerifiedHead {
  const bucket = hostBucket(head.headers, hosts)
  const check = { claim, head, target, secret, nowMillis: Date.now() }
  return verifyHead(bucket === undefined ? check : { ...check, bucket }, payload)
}

/** What is stored of an object beside its bytes: what its ETag is, and a checksum also where the client sent none. */
const withDigests = (plan: PayloadPlan): PayloadPlan => ({
  ...plan,
  compute: plan.checksum === undefined ? ['md5', 'crc64nvme'] : ['md5'],
})

/** Operations that replace or delete much at once are not carried out on a body that may have been damaged on its way. */
function demandChecksum({ md5, checksum }: PayloadPlan): void {
  if (md5 === undefined && checksum === undefined)
    throw new WireError(
      'InvalidRequest',
      400,
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    )
}

async function* once(body: Uint8Array): ByteStream {
  if (body.byteLength > 0) yield await Promise.resolve(body)
}

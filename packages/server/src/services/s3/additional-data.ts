import type { RecordedCall } from '#kernel/service.ts'

/**
 * What S3's records say beside request and response. `CipherSuite` is there where there is one; a call of nobody has no
 * signature, and one within the platform neither.
 * @source Amazon S3 user guide, "CloudTrail log file entries", "Using CloudTrail to identify Amazon S3 requests"
 */
export function s3AdditionalData({ operation, input, output, source, reply }: RecordedCall) {
  const { signature, tls, received } = source
  return {
    ...(signature === undefined ? {} : { SignatureVersion: `SigV${String(signature.version)}` }),
    ...(tls === undefined ? {} : { CipherSuite: tls.cipherSuite }),
    bytesTransferredIn: received?.() ?? 0,
    ...sseApplied(operation, input, output),
    ...(signature === undefined
      ? {}
      : { AuthenticationMethod: signature.place === 'header' ? 'AuthHeader' : 'QueryString' }),
    'x-amz-id-2': reply.headers['x-amz-id-2'],
    bytesTransferredOut: bytesOut(operation, reply),
  }
}

/** Operations that encrypt an object, or say how its parts will be. */
const ENCRYPTING: ReadonlySet<string> = new Set(['PutObject', 'CopyObject', 'CreateMultipartUpload'])

interface Encrypted {
  readonly ServerSideEncryption?: string
  readonly SSECustomerAlgorithm?: string
}

/** How, and whether the request asked for it. @source Amazon S3 user guide, "Default encryption FAQ"; developer guide, "SSEApplied" */
function sseApplied(
  operation: string,
  input: Encrypted = {},
  output: Encrypted = {},
): { readonly SSEApplied?: string } {
  if (!ENCRYPTING.has(operation)) return {}
  if (output.SSECustomerAlgorithm !== undefined) return { SSEApplied: 'SSE_C' }
  if (output.ServerSideEncryption === undefined) return {}
  const kind = output.ServerSideEncryption === 'AES256' ? 'SSE_S3' : 'SSE_KMS'
  return { SSEApplied: input.ServerSideEncryption === undefined ? `Default_${kind}` : kind }
}

/** Bytes of the answer's body; of a stream as many as it says it has. */
function bytesOut(operation: string, { headers, body }: RecordedCall['reply']): number {
  if (operation.startsWith('Head')) return 0
  return typeof body === 'string' || body instanceof Uint8Array
    ? Buffer.byteLength(body)
    : Number(headers['content-length'])
}

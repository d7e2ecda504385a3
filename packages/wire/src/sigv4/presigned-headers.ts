import { rememberLast } from '../remember-last.ts'
import type { RequestHead } from '../request.ts'
import { splitUrl } from '../scope.ts'
import { queryParameters } from './query-parameters.ts'

/**
 * Parameters that are the signature's own; and checksums, which clients put there of a body that they did not have yet,
 * so that no upload could ever fit them.
 */
const NOT_HEADERS =
  /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|sdk-checksum-algorithm|checksum-.*)$/

/**
 * The headers of a request to S3 as it reads them: clients that presign move `x-amz-…` headers, such as ACLs and
 * metadata, into the URL, where they are signed with the rest of it. A real header of the same name wins.
 */
export const presignedHeaders: (head: RequestHead) => RequestHead['headers'] = rememberLast(read)

function read(head: RequestHead): RequestHead['headers'] {
  if (!PRESIGNED.test(head.rawUrl)) return head.headers
  const moved: Record<string, string> = {}
  for (const [name, value] of queryParameters(splitUrl(head.rawUrl).query)) {
    const lower = name.toLowerCase()
    if (lower.startsWith('x-amz-') && !NOT_HEADERS.test(lower)) moved[lower] ??= value
  }
  return { ...moved, ...head.headers }
}

const PRESIGNED = /[?&](?:X-Amz-Signature|Signature)=/

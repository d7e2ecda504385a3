import { createHmac } from 'node:crypto'
import type { RequestHead } from '../request.ts'
import { splitUrl } from '../scope.ts'
import { queryParameters } from './query-parameters.ts'
import type { V2Claim } from './signature-claim.ts'

/**
 * Parameters that are part of the resource and signed with it. Any that chose another operation without being signed
 * would let a URL for one thing do another.
 * @source S3 user guide, "Signing and authenticating REST requests (version 2)"; botocore's signer; the queries in S3's model
 */
const SUB_RESOURCES: ReadonlySet<string> = new Set([
  ...['abac', 'accelerate', 'acl', 'analytics', 'attributes', 'cors', 'defaultObjectAcl', 'delete', 'encryption'],
  ...['intelligent-tiering', 'inventory', 'legal-hold', 'lifecycle', 'location', 'logging', 'metadataConfiguration'],
  ...['metadataInventoryTable', 'metadataJournalTable', 'metadataTable', 'metrics', 'notification', 'object-lock'],
  ...['ownershipControls', 'partNumber', 'policy', 'policyStatus', 'publicAccessBlock', 'renameObject'],
  ...['replication', 'requestPayment', 'response-cache-control', 'response-content-disposition'],
  ...['response-content-encoding', 'response-content-language', 'response-content-type', 'response-expires'],
  ...['restore', 'retention', 'select', 'select-type', 'session', 'storageClass', 'tagging', 'torrent', 'uploadId'],
  ...['uploads', 'versionId', 'versioning', 'versions', 'website'],
])

/**
 * The text that Signature Version 2 signs. Of a bucket in the path boto3 signs it with a slash after it that its URL
 * has not; the two say the same, so either is taken.
 * @param bucket the bucket that the host names; left out when the path begins with it
 */
export function stringsToSignV2(
  claim: V2Claim,
  head: RequestHead,
  bucket: string | undefined,
): readonly [string, ...string[]] {
  const { path, query } = splitUrl(head.rawUrl)
  const parameters = queryParameters(query)
  // A presigned URL carries in its query what its maker would have sent as headers.
  const hoisted: ReadonlyMap<string, string> = claim.form === 'query' ? parameters : new Map()
  const standard = (name: string): string => (head.headers[name] ?? hoisted.get(name) ?? '').trim()
  const before =
    `${head.method}\n${standard('content-md5')}\n${standard('content-type')}\n${claim.dateLine}\n` +
    amzHeaders(head, hoisted)
  const after = subResources(parameters)
  if (bucket !== undefined) return [`${before}/${bucket}${path}${after}`]
  const isBucket = path.length > 1 && path.lastIndexOf('/') === 0
  return [`${before}${path}${after}`, ...(isBucket ? [`${before}${path}/${after}`] : [])]
}

/** Lower case, sorted, a line each; a header that was sent counts before one in the query. */
function amzHeaders({ headers }: RequestHead, parameters: ReadonlyMap<string, string>): string {
  const found = new Map<string, string>()
  for (const [name, value] of [...parameters, ...Object.entries(headers)]) {
    const lower = name.toLowerCase()
    if (lower.startsWith('x-amz-') && value !== undefined) found.set(lower, folded(value))
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
}

const folded = (value: string): string => value.trim().replaceAll(/[ \t]*\r?\n[ \t]*/g, ' ')

function subResources(parameters: ReadonlyMap<string, string>): string {
  const named = [...parameters]
    .filter(([name]) => SUB_RESOURCES.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
  return named.length === 0 ? '' : `?${named.join('&')}`
}

/** The signature of a text, in base64. */
export const signTextV2 = (secret: string, text: string): string =>
  createHmac('sha1', secret).update(text).digest('base64')

import type { RequestHead } from './request.ts'

/** `s3`, `s3.<region>`, `s3-<region>`, `s3.dualstack.<region>`: what stands before a domain for S3 itself. */
const S3_LABELS = /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-\d)?$/
const AWS_DOMAIN = '.amazonaws.com'
const LOCAL_DOMAINS = ['.localhost', '.localhost.localstack.cloud']

/**
 * The path of an S3 request with its bucket in front, wherever the client put that: virtual-hosted requests have it in
 * the Host header (`bucket.s3.us-east-1.amazonaws.com`, `bucket.s3.localhost`, `bucket.localhost`).
 * @param path the raw path; nothing of it is decoded
 * @param hosts further host names of the platform, below which buckets may stand, e.g. `mq.example.org`
 */
export function s3Path(path: string, headers: RequestHead['headers'], hosts: readonly string[]): string {
  const bucket = hostBucket(headers, hosts)
  const whole = bucket === undefined ? path : `/${bucket}${path}`
  // `/bucket/` is the bucket.
  return whole.length > 1 && whole.indexOf('/', 1) === whole.length - 1 ? whole.slice(0, -1) : whole
}

/** The bucket that the Host header names; `undefined`: it names none. `hosts` as above. */
export function hostBucket(headers: RequestHead['headers'], hosts: readonly string[]): string | undefined {
  const host = (headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase()
  const domain = [AWS_DOMAIN, ...LOCAL_DOMAINS, ...hosts.map((name) => `.${name.toLowerCase()}`)].find((end) =>
    host.endsWith(end),
  )
  if (domain === undefined) return undefined
  const labels = host.slice(0, -domain.length)
  const forS3 = S3_LABELS.exec(labels)
  if (forS3 !== null) return forS3[1]
  // Below AWS's own domain a name without `s3` is another service's.
  return domain === AWS_DOMAIN ? undefined : labels
}

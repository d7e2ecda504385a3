import type { RequestHead } from './request.ts'

/** A credential scope's parts: `AKIA…/20261121/us-east-1/logs/aws4_request`. */
export interface CredentialScope {
  readonly accessKeyId: string
  /** `YYYYMMDD`. */
  readonly date: string
  readonly region: string
  readonly signingName: string
  readonly terminator: string
}

const MAX_CREDENTIAL_LENGTH = 512

/** @returns `undefined` when `credential` has not the five parts of a scope. */
export function parseCredential(credential: string): CredentialScope | undefined {
  if (credential.length > MAX_CREDENTIAL_LENGTH) return undefined
  const [accessKeyId, date, region, signingName, terminator, ...rest] = credential.split('/')
  if (!accessKeyId || !date || !region || !signingName || !terminator || rest.length > 0) return undefined
  return { accessKeyId, date, region, signingName, terminator }
}

export interface RawUrl {
  readonly path: string
  /** Without `?`. */
  readonly query: string
}

/** Cuts a raw URL at its first `?`; an absolute form (`GET http://host/path`) loses scheme and host. */
export function splitUrl(rawUrl: string): RawUrl {
  const local = rawUrl.startsWith('/')
    ? rawUrl
    : `/${/^[a-z][a-z0-9+.-]*:\/\/[^/?]*\/?(.*)$/is.exec(rawUrl)?.[1] ?? rawUrl}`
  const mark = local.indexOf('?')
  return mark === -1 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) }
}

const HEADER_CREDENTIAL = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/
const QUERY_CREDENTIAL = /(?:^|&)X-Amz-Credential=([^&]*)/

/** The signing name a request claims, before anything of it was verified; it only chooses how to answer. */
export function claimedSigningName(head: RequestHead, query: string): string | undefined {
  const inHeader = HEADER_CREDENTIAL.exec(head.headers['authorization'] ?? '')?.[1]
  const credential = inHeader ?? QUERY_CREDENTIAL.exec(query)?.[1]?.replaceAll(/%2f/gi, '/')
  return credential === undefined ? undefined : parseCredential(credential)?.signingName
}

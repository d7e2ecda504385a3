/** Where a signature stands: in the `Authorization` header, or in the query of a presigned URL. */
export type SignatureForm = 'header' | 'query'

/** What a signed request says about its signature; nothing of it is verified yet. */
export type SignatureClaim = V4Claim | V2Claim

/** Signature Version 4, of every service. */
export interface V4Claim {
  readonly version: 4
  readonly form: SignatureForm
  readonly accessKeyId: string
  /** `YYYYMMDD` of the credential scope. */
  readonly date: string
  readonly region: string
  /** The service's name in the credential scope. */
  readonly signingName: string
  /** When the request says it was signed, in milliseconds since 1970. */
  readonly timestamp: number
  /** Only in the query form: how long it holds. */
  readonly expiresSeconds?: number
  /** Lower case, sorted. */
  readonly signedHeaders: readonly string[]
  /** Lower-case hex. */
  readonly signature: string
  readonly sessionToken?: string
}

/** Signature Version 2, which only S3 takes; it names no region. */
export type V2Claim = V2HeaderClaim | V2QueryClaim

interface V2Parts {
  readonly version: 2
  readonly accessKeyId: string
  readonly signingName: 's3'
  /** What stands for the date in the text that is signed. */
  readonly dateLine: string
  /** Base64. */
  readonly signature: string
  readonly sessionToken?: string
}

export interface V2HeaderClaim extends V2Parts {
  readonly form: 'header'
  /** When the request says it was signed, in milliseconds since 1970. */
  readonly timestamp: number
}

export interface V2QueryClaim extends V2Parts {
  readonly form: 'query'
  /** When it ends, in milliseconds since 1970. */
  readonly expiresAt: number
}

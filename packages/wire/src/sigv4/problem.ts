/** What is wrong with the parts of a signature, found before any secret is needed; each service has its own words for it. */
export type ClaimProblem =
  | { readonly kind: 'none' }
  | { readonly kind: 'two mechanisms'; readonly authorization: string | undefined }
  | { readonly kind: 'version 2' }
  /** `scheme` is what stands before the first space, or all of it when there is none. */
  | { readonly kind: 'algorithm'; readonly scheme: string; readonly authorization: string }
  | { readonly kind: 'part'; readonly part: string }
  | { readonly kind: 'missing'; readonly names: readonly string[] }
  | { readonly kind: 'credential' }
  | { readonly kind: 'date' }
  | { readonly kind: 'scope'; readonly faults: readonly [ScopeFault, ...ScopeFault[]] }
  | { readonly kind: 'signed headers' }
  | { readonly kind: 'signature' }
  | { readonly kind: 'not signed'; readonly names: readonly [string, ...string[]] }
  | { readonly kind: 'expires'; readonly expires: string }

/** A part of the credential scope that is not as it should be, by the order in which S3 looks at them. */
export type ScopeFault =
  | { readonly part: 'region'; readonly value: string }
  | { readonly part: 'service'; readonly value: string; readonly expected: string }
  | { readonly part: 'terminator'; readonly value: string }
  /** `time` is the request's own, as in `20261121T100000Z`. */
  | { readonly part: 'date'; readonly value: string; readonly time: string }

/** Seven days, in seconds: the longest that a presigned URL may hold. @source SigV4 query parameters, X-Amz-Expires */
export const MAX_EXPIRES_SECONDS = 604_800

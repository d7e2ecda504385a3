/** How an object is encrypted, and what its data key is found with. The data key itself is stored nowhere. */
export type Encryption =
  /** SSE-S3: the data key, sealed with the platform's key. */
  | { readonly kind: 'AES256'; readonly sealed: string }
  /** SSE-KMS: the data key as KMS gave it. */
  | {
      readonly kind: 'aws:kms'
      /** ARN. */
      readonly keyId: string
      /** Base64. */
      readonly sealed: string
      readonly bucketKey?: boolean
      /** What the client added to the encryption context. */
      readonly context?: Readonly<Record<string, string>>
    }
  /** SSE-C: the client's own key, of which only a check is kept. */
  | { readonly kind: 'customer'; readonly salt: string; readonly check: string }

/** What a request says about encryption. */
export type WantedEncryption =
  | { readonly kind: 'AES256' }
  | {
      readonly kind: 'aws:kms'
      readonly keyId?: string
      readonly bucketKey?: boolean
      readonly context?: Readonly<Record<string, string>>
    }
  | { readonly kind: 'customer'; readonly key: Uint8Array; readonly md5: string }

/** A client's key as it comes with a request. */
export interface CustomerKey {
  readonly key: Uint8Array
  /** Base64. */
  readonly md5: string
}

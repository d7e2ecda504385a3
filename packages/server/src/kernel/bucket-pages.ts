/** What a browser asks for on behalf of a page. */
export interface PageRequest {
  readonly origin: string
  readonly method: string
  /** Lower case; of a preflight. */
  readonly headers: readonly string[]
}

/** What a bucket lets a web page do. */
export interface AllowedPage {
  /** Every page may. */
  readonly isForAll: boolean
  readonly methods: readonly string[]
  readonly exposedHeaders: readonly string[]
  readonly maxAgeSeconds?: number
}

/** Asks a bucket's own rules about a page of another origin. `undefined`: none lets it in. */
export type BucketPages = (bucket: string, page: PageRequest) => Promise<AllowedPage | undefined>

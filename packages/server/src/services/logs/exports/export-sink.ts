import type { AccountId, Region } from '#kernel/ids.ts'

/** For whom objects are written: the log service acts for one group's account. */
export interface ExportOwner {
  readonly account: AccountId
  readonly region: Region
  /** The group's ARN: `aws:SourceArn`. */
  readonly sourceArn: string
}

/** Where exports go: S3. */
export interface ExportSink {
  /**
   * Whether the bucket lets itself be looked at.
   * @throws NoSuchBucket, or any other Error when it does not
   */
  check(owner: ExportOwner, bucket: string): Promise<void>
  /**
   * Writes one object, or replaces it.
   * @throws NoSuchBucket, or any other Error when it cannot be written
   */
  put(owner: ExportOwner, bucket: string, key: string, body: Buffer): Promise<void>
}

/** There is no such bucket in this region. */
export class NoSuchBucket extends Error {
  constructor(bucket: string) {
    super(`there is no bucket ${bucket}`)
    this.name = 'NoSuchBucket'
  }
}

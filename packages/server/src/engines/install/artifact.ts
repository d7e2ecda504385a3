/** A distribution, or a single library, as the engine's list describes it; its URL comes from its coordinates, so a mirror is one setting. */
export interface Artifact {
  /** Also the name of its folder in the cache, e.g. `activemq-5.18.3`. */
  readonly name: string
  readonly coordinates: {
    readonly groupId: string
    readonly artifactId: string
    readonly version: string
    readonly classifier?: string
    readonly extension: string
  }
  readonly sizeBytes: number
  /** Hexadecimal. */
  readonly sha512: string
  /** A file that is there once it is unpacked; tells a right folder from a wrong one. Of a `jar`: the library itself. */
  readonly proof: string
  /** Folders and files at the top that are not needed to run it. */
  readonly leaveOut: readonly string[]
}

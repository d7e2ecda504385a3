// What computing digests takes, and no more: threads that do only that need not load the models of all services.
export type { Digest, DigestName } from './payload/digests.ts'
export { makeDigest } from './payload/digests.ts'
export { type LaneText, Md5Lanes } from './payload/md5-lanes.ts'

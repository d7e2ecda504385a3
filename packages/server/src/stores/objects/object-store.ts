import { randomBytes } from 'node:crypto'
import type { ByteStream } from '@sluice/wire'

/** 32 hex digits: what names bytes in the store. No part of it comes from a user. */
export type BlobId = string

/** How long new names begin with the same two digits, in bits of milliseconds: 16 seconds. */
const TURN_BITS = 14
const TIME_DIGITS = 11
const RANDOM_DIGITS = 19

/**
 * A new name; equal ones do not occur. Those of one time lie side by side, so that the records of blobs that are stored
 * together are written together: a commit of random names would write a page for each of them. The first two digits go
 * round, since they are a folder's name.
 */
export function newBlobId(now: number = Date.now()): BlobId {
  const turn = Math.floor(now / 2 ** TURN_BITS) % 256
  const random = randomBytes(Math.ceil(RANDOM_DIGITS / 2))
    .toString('hex')
    .slice(0, RANDOM_DIGITS)
  return turn.toString(16).padStart(2, '0') + now.toString(16).padStart(TIME_DIGITS, '0') + random
}

/** What was written. */
export interface Blob {
  readonly id: BlobId
  /** Bytes of content. */
  readonly length: number
  /** Its bytes are few and lie in its record instead of a place of their own. */
  readonly held?: true
}

/** What the record of a blob says, which is part of the commit that refers to it for the first time. */
export interface BlobRecord {
  /** What is held, encrypted, in base64. */
  readonly sealed?: string
}

/** A blob that nothing refers to yet. */
export interface Written {
  readonly blob: Blob
  readonly record: BlobRecord
}

/** Which bytes of a blob, and the key they are read with. */
export interface BlobRead extends Blob {
  /** The 32 bytes it was written with. */
  readonly key: Uint8Array
  /** First byte; left out: 0. */
  readonly from?: number
  /** Behind the last byte; left out: the end. */
  readonly to?: number
}

/** Keeps blobs from being removed: at first all that there are, for nobody knows which of them a record will name. */
export interface Reading {
  /** Which blobs it is of; only these are kept from here on. To be called once. */
  of(ids: readonly BlobId[]): void
  /** Lets go of them. */
  end(): void
}

/** What is on the disk is not what was written, or the key is another. */
export class BlobCorrupt extends Error {
  readonly id: BlobId

  constructor(id: BlobId, reason: string) {
    super(`the stored bytes ${id} are damaged: ${reason}`)
    this.name = 'BlobCorrupt'
    this.id = id
  }
}

/**
 * Bytes of any size, encrypted, under names of our own. It keeps no list: whoever writes a blob commits a record that
 * refers to it, and says so. Memory does not grow with the size of a blob.
 */
export interface ObjectStore {
  /**
   * Must resolve only when the bytes are on the disk or in what is to be committed, and leave nothing behind when
   * `source` fails. Until it is settled a blob belongs to nobody, and the next {@link recover} takes it away unless it
   * has a record.
   * @param key 32 bytes, never used for another blob
   * @throws what `source` throws, or an Error of the disk
   */
  write(id: BlobId, key: Uint8Array, source: ByteStream): Promise<Written>
  /** What refers to these blobs is committed, and with it their records. */
  settle(blobs: readonly Blob[]): Promise<void>
  /**
   * Must yield exactly the bytes that were written, each only after it was verified. The pieces are the reader's own.
   * Whoever stops lets go of it.
   * @throws BlobCorrupt, while it is read, at the first byte that cannot be vouched for
   */
  read(blob: BlobRead): AsyncIterable<Uint8Array>
  /** The same of a blob that says `held`, at once. @throws BlobCorrupt */
  readHeld(blob: BlobRead): Promise<Uint8Array>
  /** To be called before the record is looked up that says which blobs are read. */
  begin(): Reading
  /**
   * Gives the space back once nobody reads them who began before; blobs that are not there are no error. When it resolves their records
   * can go, and not before.
   */
  remove(ids: readonly BlobId[]): Promise<void>
  /** Takes away what an earlier process began and did not settle; to be called before the first write. */
  recover(): Promise<void>
}

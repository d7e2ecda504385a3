import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** How much disk a broker may take, in MiB. */
export interface StorageLimits {
  readonly storeMib: number
  readonly temporaryMib: number
}

const MIB = 1024 * 1024
/** What a broker of Amazon MQ has. @source Amazon MQ quotas: 50 GB of temporary storage */
const TEMPORARY_MIB = 50 * 1024
/** Parts of what is there, so that the disk is never filled and ActiveMQ has no reason to warn. */
const STORE_PART = 0.7
const TEMPORARY_PART = 0.2

/** A journal file of the message store takes 32 at once, and the logs must have room to say what is wrong. */
const LEAST_FREE_MIB = 64

/**
 * AWS's limits, or less on a smaller disk; what the message store already holds counts as free.
 * @throws Error when the disk is full: a broker that was started there would end without a word
 */
export async function storageLimits(
  dataDirectory: string,
  storageGib: number,
  disk: (directory: string) => Promise<{ readonly bavail: number; readonly bsize: number }> = statfs,
): Promise<StorageLimits> {
  const [{ bavail, bsize }, used] = await Promise.all([disk(dataDirectory), bytesIn(join(dataDirectory, 'kahadb'))])
  const free = bavail * bsize
  if (free < LEAST_FREE_MIB * MIB)
    throw new Error(
      `the disk of ${dataDirectory} is full: ${String(Math.floor(free / MIB))} MiB are left, and a broker needs ${String(LEAST_FREE_MIB)} to start; make room there`,
    )
  return {
    storeMib: Math.max(1, Math.min(storageGib * 1024, Math.floor(((free + used) * STORE_PART) / MIB))),
    temporaryMib: Math.max(1, Math.min(TEMPORARY_MIB, Math.floor((free * TEMPORARY_PART) / MIB))),
  }
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        ({ blocks }) => blocks * 512,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const ASK_AGAIN_MILLIS = 100
const SQLITE_BUSY = 5

/**
 * Runs `work` while no other process, and nothing else in this one, runs work under the same lock file. An empty SQLite
 * database is the lock, because the operating system releases its lock however the holder ends.
 */
export async function exclusively<T>(
  lockFile: string,
  work: () => Promise<T>,
  waiting: () => void = () => {},
): Promise<T> {
  await mkdir(dirname(lockFile), { recursive: true, mode: 0o700 })
  const lock = await acquire(lockFile, waiting)
  try {
    return await work()
  } finally {
    lock.close()
  }
}

async function acquire(lockFile: string, waiting: () => void): Promise<DatabaseSync> {
  let told = false
  for (;;) {
    const lock = tryLock(lockFile)
    if (lock !== undefined) return lock
    if (!told) waiting()
    told = true
    await sleep(ASK_AGAIN_MILLIS)
  }
}

function tryLock(lockFile: string): DatabaseSync | undefined {
  const database = new DatabaseSync(lockFile, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if ((error as { readonly errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
}

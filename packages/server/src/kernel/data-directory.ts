import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ProcessIdentity, identifyProcess, isRunning } from '#kernel/process-identity.ts'

/**
 * The layout that this version writes; it reads lower ones as well, and a directory that it opened has this one from then on. A
 * directory of a higher layout is refused untouched. 2: small objects lie in their records, event history in one partition for ten days.
 */
export const DATA_LAYOUT = 2

/** Who owns a data directory, as its `lock` file says. */
export interface Owner extends ProcessIdentity {
  /** Where the owner answers, e.g. `http://127.0.0.1:4566`; empty until it listens. */
  readonly url: string
}

export interface DataDirectory {
  readonly path: string
  /** Writes where the platform answers into the lock file, for `sluice status` and `stop`. */
  announce(url: string): void
  release(): void
}

/**
 * Takes a data directory for this process, making it (0700) when it is missing.
 * @throws Error in one sentence when another process holds it, or when a newer version wrote it
 */
export function takeDataDirectory(path: string): DataDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const identity = identifyProcess(process.pid)
  if (identity === undefined) throw new Error('cannot read the start time of this process; is /proc mounted?')
  lock(path, identity)
  try {
    checkLayout(path)
  } catch (error) {
    rmSync(lockFile(path), { force: true })
    throw error
  }
  return {
    path,
    announce: (url) => writeOwner(path, { ...identity, url }),
    release() {
      if (readOwner(path)?.pid === process.pid) rmSync(lockFile(path), { force: true })
    },
  }
}

/** The running owner of a data directory; `undefined` when nobody holds it. */
export function ownerOf(path: string): Owner | undefined {
  const owner = readOwner(path)
  return owner !== undefined && isRunning(owner) ? owner : undefined
}

const lockFile = (path: string): string => join(path, 'lock')

function lock(path: string, identity: ProcessIdentity): void {
  const mine = join(path, `lock.${String(identity.pid)}`)
  writeFileSync(mine, JSON.stringify({ ...identity, url: '' }), { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        // A link is made whole or not at all, so of two starters only one gets the name.
        linkSync(mine, lockFile(path))
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const owner = ownerOf(path)
      if (owner !== undefined) throw held(path, owner)
      const stale = join(path, `lock.stale.${String(identity.pid)}`)
      try {
        renameSync(lockFile(path), stale)
      } catch {
        continue
      }
      rmSync(stale, { force: true })
    }
    throw new Error(`could not lock ${path}: several processes are starting on it; start one again`)
  } finally {
    rmSync(mine, { force: true })
  }
}

const held = (path: string, owner: Owner): Error =>
  new Error(
    `the data directory ${path} is in use by process ${String(owner.pid)}${owner.url === '' ? '' : ` at ${owner.url}`}; ` +
      'stop that one (sluice stop), or start with another directory (SLUICE_DATA)',
  )

function readOwner(path: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(lockFile(path), 'utf8')) as Owner
    return Number.isSafeInteger(owner.pid) && typeof owner.startTime === 'string' ? owner : undefined
  } catch {
    return undefined
  }
}

function writeOwner(path: string, owner: Owner): void {
  const next = join(path, 'lock.next')
  writeFileSync(next, JSON.stringify(owner), { mode: 0o600 })
  renameSync(next, lockFile(path))
}

function checkLayout(path: string): void {
  const file = join(path, 'layout')
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch {
    writeLayout(file)
    return
  }
  const layout = Number(text)
  if (!Number.isInteger(layout) || layout < 1)
    throw new Error(`${file} holds ${JSON.stringify(text)}, not a layout number; restore it from a backup`)
  if (layout > DATA_LAYOUT) {
    throw new Error(
      `the data directory ${path} was written by a newer version of Sluice (layout ${String(layout)}, this version knows ${String(DATA_LAYOUT)}); it was left untouched: start that version`,
    )
  }
  if (layout < DATA_LAYOUT) writeLayout(file)
}

/** Whole or not at all: a directory without a number that can be read is opened by nobody. */
function writeLayout(file: string): void {
  const next = `${file}.new`
  writeFileSync(next, `${String(DATA_LAYOUT)}\n`, { mode: 0o600, flush: true })
  renameSync(next, file)
}

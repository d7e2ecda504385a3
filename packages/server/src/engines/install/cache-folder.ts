import { access, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exclusively } from '#engines/install/exclusive.ts'

/** Folders that are made once, whole or not at all, and never change again; shared by every platform of this user. */
export interface CacheFolders {
  /** The folder, when it is there and whole. */
  find(name: string): Promise<string | undefined>
  /**
   * The same; when it is not there, `build` fills an empty one beside, which then takes its place. Any number of
   * processes may ask at once: one builds, the others wait for it.
   */
  make(name: string, build: (empty: string) => Promise<void>, waiting: () => void): Promise<string>
}

const COMPLETE = '.complete'

/** Folders of `cacheDirectory`, which is made (0700) with the first of them. */
export function cacheFolders(cacheDirectory: string): CacheFolders {
  const find = async (name: string): Promise<string | undefined> =>
    (await isThere(join(cacheDirectory, name, COMPLETE))) ? join(cacheDirectory, name) : undefined

  const build = async (name: string, fill: (empty: string) => Promise<void>): Promise<string> => {
    const found = await find(name)
    if (found !== undefined) return found
    await removeLeftovers(cacheDirectory, name)
    const beside = await mkdtemp(join(cacheDirectory, `${name}.unpacking-`))
    try {
      await fill(beside)
      await markComplete(beside)
      await rm(join(cacheDirectory, name), { recursive: true, force: true })
      await rename(beside, join(cacheDirectory, name))
    } catch (error) {
      await rm(beside, { recursive: true, force: true })
      throw error
    }
    return join(cacheDirectory, name)
  }

  return {
    find,
    async make(name, fill, waiting) {
      const found = await find(name)
      if (found !== undefined) return found
      await mkdir(cacheDirectory, { recursive: true, mode: 0o700 })
      return exclusively(join(cacheDirectory, `${name}.lock`), () => build(name, fill), waiting)
    },
  }
}

/** The marker is the last file written, so a folder with it is whole. */
async function markComplete(directory: string): Promise<void> {
  const marker = await open(join(directory, COMPLETE), 'wx')
  try {
    await marker.sync()
  } finally {
    await marker.close()
  }
}

/** What a killed builder left; the lock is held, so nobody works in it. */
async function removeLeftovers(cacheDirectory: string, name: string): Promise<void> {
  const leftovers = (await readdir(cacheDirectory)).filter((entry) => entry.startsWith(`${name}.unpacking-`))
  await Promise.all(leftovers.map((entry) => rm(join(cacheDirectory, entry), { recursive: true, force: true })))
}

/** Whether a file or folder of this name exists and can be reached. */
export const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

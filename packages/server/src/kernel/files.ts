import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'

const OWNER_ONLY = 0o600

/** The text of `file`, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The text of `file`; when there is none, `make` makes it and it is kept. Whole or not at all, also after a crash. */
export async function createOnce(file: string, make: () => Promise<string>): Promise<string> {
  const kept = await readIfThere(file)
  if (kept !== undefined) return kept
  const beside = await writeBeside(file, await make())
  try {
    await link(beside, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(beside, { force: true })
  }
  return readFile(file, 'utf8')
}

/** Puts `text` (0600) in the place of `file` in one step. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const beside = await writeBeside(file, text)
  try {
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

async function writeBeside(file: string, text: string): Promise<string> {
  const beside = `${file}.${randomBytes(6).toString('hex')}.new`
  const handle = await open(beside, 'wx', OWNER_ONLY)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return beside
}

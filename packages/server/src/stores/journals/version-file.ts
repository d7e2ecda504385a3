import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const NAME = 'version'

/**
 * Makes the directory if it is missing and marks it with the version of its form.
 * @throws Error when a newer version wrote it; nothing in it was touched then
 */
export function claimDirectory(directory: string, version: number): void {
  const file = join(directory, NAME)
  const found = versionIn(file)
  if (found !== undefined && found > version) {
    throw new Error(
      `${directory} was written by a newer version (form ${String(found)}, this version knows ${String(version)}); it was left untouched: start the newer version again`,
    )
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (found !== version) writeFileSync(file, `${String(version)}\n`, { flush: true })
}

function versionIn(file: string): number | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${file} does not hold a version number; restore it from a backup`)
  return Number(text)
}

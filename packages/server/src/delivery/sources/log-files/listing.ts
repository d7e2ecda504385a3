import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A numbered file `<prefix>-<number>.log`. */
export interface LogFile {
  readonly number: number
  readonly inode: string
  readonly size: number
}

export const fileName = (prefix: string, number: number): string => `${prefix}-${String(number)}.log`

/**
 * The source's files, lowest number first; `undefined`: there is no such directory. Files below the highest one are
 * final, so what `known` (the listing before) says of them is not asked again.
 */
export async function listLogFiles(
  directory: string,
  prefix: string,
  known: readonly LogFile[],
): Promise<readonly LogFile[] | undefined> {
  const numbers = await numbersIn(directory, prefix)
  if (numbers === undefined) return undefined
  const knownHighest = known.at(-1)?.number ?? 0
  const final = new Map(
    (numbers.at(-1) ?? 0) < knownHighest ? [] : known.slice(0, -1).map((file) => [file.number, file]),
  )
  const files = await Promise.all(
    numbers.map(async (number) => final.get(number) ?? statLogFile(directory, prefix, number)),
  )
  return files.filter((file) => file !== undefined)
}

/** `undefined`: it is gone. */
async function statLogFile(directory: string, prefix: string, number: number): Promise<LogFile | undefined> {
  try {
    const { ino, size } = await stat(join(directory, fileName(prefix, number)), { bigint: true })
    return { number, inode: String(ino), size: Number(size) }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function numbersIn(directory: string, prefix: string): Promise<number[] | undefined> {
  try {
    const names = await readdir(directory)
    return names.flatMap((name) => numberOf(name, prefix) ?? []).toSorted((one, other) => one - other)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function numberOf(name: string, prefix: string): number | undefined {
  if (!name.startsWith(`${prefix}-`) || !name.endsWith('.log')) return undefined
  const digits = name.slice(prefix.length + 1, -'.log'.length)
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : undefined
}

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** Where the files say that a place is. `same`: its file is there. `next`: it is gone, later ones are there. */
export type Whereabouts = { readonly kind: 'same' | 'next' | 'new-run'; readonly file: LogFile }

/**
 * Finds a place among the files. A number below the place's with none at or above it, or another inode under its number,
 * is a new run of the writer, which begins with the lowest file. `undefined`: there are no files.
 */
export function whereabouts(
  files: readonly LogFile[],
  place: { readonly number: number; readonly inode: string },
): Whereabouts | undefined {
  const [lowest] = files
  if (lowest === undefined) return undefined
  const own = files.find((file) => file.number === place.number)
  if (own !== undefined) {
    return place.inode === '' || own.inode === place.inode
      ? { kind: 'same', file: own }
      : { kind: 'new-run', file: lowest }
  }
  const later = files.find((file) => file.number > place.number)
  return later === undefined ? { kind: 'new-run', file: lowest } : { kind: 'next', file: later }
}

/** The file that follows the place's own one; `undefined` while the own one is the last. */
export function following(
  files: readonly LogFile[],
  place: { readonly number: number; readonly inode: string },
): LogFile | undefined {
  const where = whereabouts(files, place)
  return where?.kind === 'same' ? files.find((file) => file.number > place.number) : where?.file
}

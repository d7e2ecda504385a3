/** Walks over entries in order. */
export interface EntryCursor<T> {
  peek(): Promise<T | undefined>
  advance(): void
  /** Goes on behind all whose key begins so. */
  passOver(beginning: string): Promise<void>
}

export interface PageRequest {
  readonly prefix: string
  /** Keys that share the part up to it, behind the prefix, are told as one common prefix. */
  readonly delimiter: string
  readonly most: number
  /** A common prefix that an earlier page has told. */
  readonly told?: string
}

export interface Page<T> {
  readonly entries: readonly T[]
  readonly commonPrefixes: readonly string[]
  readonly isTruncated: boolean
  /** What this page ends with. */
  readonly last: { readonly entry: T } | { readonly commonPrefix: string } | undefined
}

/** One page of a list: entries and common prefixes together make at most `most`. */
export async function readPage<T extends { readonly key: string }>(
  cursor: EntryCursor<T>,
  { prefix, delimiter, most, told }: PageRequest,
): Promise<Page<T>> {
  const entries: T[] = []
  const commonPrefixes: string[] = []
  let last: Page<T>['last']
  if (told !== undefined) await cursor.passOver(told)
  for (let entry = await cursor.peek(); entry !== undefined; entry = await cursor.peek()) {
    if (entries.length + commonPrefixes.length >= most) return { entries, commonPrefixes, isTruncated: most > 0, last }
    const commonPrefix = commonPrefixOf(entry.key, prefix, delimiter)
    if (commonPrefix === undefined) {
      entries.push(entry)
      last = { entry }
      cursor.advance()
    } else {
      commonPrefixes.push(commonPrefix)
      last = { commonPrefix }
      await cursor.passOver(commonPrefix)
    }
  }
  return { entries, commonPrefixes, isTruncated: false, last }
}

/** The key up to and with the first delimiter behind the prefix; `undefined`: there is none. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Mark } from '#delivery/source.ts'
import { isMissing } from '#delivery/sources/log-files/listing.ts'

/**
 * What a source remembers beside its files. The place of what was delivered is committed with the events; only what was
 * passed over without delivering (skipped, or given up at the disk bound) has to be noted here, before it is deleted.
 */
export interface Ledger {
  /** Passed over up to here. */
  readonly mark: Mark
  /** Bytes given up in all the source's life. */
  readonly lostBytes: number
}

const FORMAT = 1

/** `undefined`: nothing was ever passed over. @throws Error when the file cannot be understood */
export async function readLedger(path: string): Promise<Ledger | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  const ledger = parse(text)
  if (ledger === undefined)
    throw new Error(
      `${path} cannot be understood; it may be of a later version. Delete it to deliver what was passed over`,
    )
  return ledger
}

/** Durable when it resolves: written aside, synced, renamed, and the directory synced. */
export async function writeLedger(path: string, { mark, lostBytes }: Ledger): Promise<void> {
  const aside = `${path}.new`
  const file = await open(aside, 'w', 0o600)
  try {
    await file.writeFile(
      JSON.stringify({ format: FORMAT, sequence: mark.sequence, position: mark.position, lostBytes }),
    )
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
  const directory = await open(dirname(path))
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function parse(text: string): Ledger | undefined {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null
    const { format, sequence, position, lostBytes } = value ?? {}
    if (format !== FORMAT || typeof position !== 'string') return undefined
    if (!isCount(sequence) || !isCount(lostBytes)) return undefined
    return { mark: { sequence, position }, lostBytes }
  } catch {
    return undefined
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

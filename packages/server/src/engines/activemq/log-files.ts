import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LOG_PREFIX } from '#engines/activemq/render/log4j2.ts'

/** What ends an event. */
const TERMINATOR = Buffer.from('\u001E\n')

/** The file of a log with this number. */
export const logFile = (directory: string, prefix: string, number: number): string =>
  join(directory, `${prefix}-${String(number)}.log`)

/** The numbers of a log's files, ascending; none when the folder is not there yet. */
export async function logNumbers(directory: string, prefix: string): Promise<readonly number[]> {
  const pattern = new RegExp(`^${prefix}-(\\d+)\\.log$`)
  const names = await readdir(directory).catch(() => [])
  return names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((left, right) => left - right)
}

/** Ends the event that a killed broker was writing, or the next broker would write its first one behind it, into the same event. */
export async function endTornEvents(directory: string): Promise<void> {
  for (const prefix of Object.values(LOG_PREFIX)) {
    const newest = (await logNumbers(directory, prefix)).at(-1)
    if (newest !== undefined) await endTornEvent(logFile(directory, prefix, newest))
  }
}

async function endTornEvent(file: string): Promise<void> {
  const handle = await open(file, 'a+')
  try {
    const { size } = await handle.stat()
    if (size === 0) return
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2))
    const end = buffer.subarray(0, bytesRead)
    if (end.equals(TERMINATOR)) return
    await handle.appendFile(end.at(-1) === TERMINATOR[0] ? TERMINATOR.subarray(1) : TERMINATOR)
  } finally {
    await handle.close()
  }
}

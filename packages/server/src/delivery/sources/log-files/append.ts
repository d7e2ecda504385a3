import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EpochMillis } from '#kernel/ids.ts'
import { fileName, isMissing, listLogFiles } from '#delivery/sources/log-files/listing.ts'

/** How large a file may be before the next one is begun, as brokers have it. */
const FILE_BYTES = 4 * 1024 * 1024

/**
 * Writes events of the platform's own as a source of log files reads them, all with the same time. A directory that is
 * gone is its broker's end: nobody wants them any more. One writer a directory and prefix.
 */
export async function appendEvents(
  { directory, prefix }: { readonly directory: string; readonly prefix: string },
  events: readonly string[],
  at: EpochMillis,
): Promise<void> {
  if (events.length === 0) return
  const highest = (await listLogFiles(directory, prefix, []))?.at(-1)
  const number = highest === undefined ? 1 : highest.number + (highest.size >= FILE_BYTES ? 1 : 0)
  const text = events.map((event) => `${String(at)} ${event.replaceAll('\u001E', '?')}\u001E\n`).join('')
  await appendFile(join(directory, fileName(prefix, number)), text, { mode: 0o600 }).catch((error: unknown) => {
    if (!isMissing(error)) throw error
  })
}

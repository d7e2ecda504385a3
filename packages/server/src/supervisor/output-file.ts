import { open, truncate } from 'node:fs/promises'

/** A process writes its output itself, in append mode, so that it never waits for the platform; beyond this much it is cut. */
const OUTPUT_LIMIT_BYTES = 1024 * 1024
const TAIL_BYTES = 4 * 1024

/** The end of a file, at most 4 KiB, beginning with a whole line; empty when there is no such file. */
export async function outputTail(file: string): Promise<string> {
  let handle
  try {
    handle = await open(file, 'r')
    const { size } = await handle.stat()
    const start = Math.max(0, size - TAIL_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start)
    const text = buffer.toString('utf8', 0, bytesRead)
    return (start === 0 ? text : text.slice(text.indexOf('\n') + 1)).trim()
  } catch {
    return ''
  } finally {
    await handle?.close()
  }
}

/** Cuts the file to nothing when it has grown over the limit. The writer appends, so it goes on at the new end. */
export async function boundOutput(file: string, limitBytes: number = OUTPUT_LIMIT_BYTES): Promise<boolean> {
  let handle
  try {
    handle = await open(file, 'r+')
    if ((await handle.stat()).size <= limitBytes) return false
    await truncate(file, 0)
    return true
  } catch {
    return false
  } finally {
    await handle?.close()
  }
}

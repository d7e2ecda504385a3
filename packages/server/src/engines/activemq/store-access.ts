import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Makes sure that the message store can be opened. ActiveMQ takes any failure to lock it for another broker's lock, and
 * would wait for ever, or stand by for nobody.
 * @throws Error with what the system says about it
 */
export async function checkStore(dataDirectory: string): Promise<void> {
  const store = join(dataDirectory, 'kahadb')
  try {
    await mkdir(store, { recursive: true, mode: 0o700 })
    await (await open(join(store, 'lock'), 'a', 0o600)).close()
  } catch (error) {
    throw new Error(
      `the message store in ${store} cannot be opened (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): it must be a folder that the platform's user can write`,
      { cause: error },
    )
  }
}

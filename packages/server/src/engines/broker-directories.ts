import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Broker ids and instance numbers become file names, and whole folders are deleted by them. */
const BROKER_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/

/** @throws Error when the id could name anything but a folder of its own */
export function brokerDirectory(dataDirectory: string, brokerId: string): string {
  if (!BROKER_ID.test(brokerId)) throw new Error(`${JSON.stringify(brokerId)} is no broker id`)
  return join(dataDirectory, 'brokers', brokerId)
}

/** The directories of every instance of every broker, whatever its engine. */
export async function instanceDirectories(dataDirectory: string): Promise<readonly string[]> {
  const brokers = join(dataDirectory, 'brokers')
  const found = (await foldersIn(brokers)).map((id) => instancesIn(join(brokers, id)))
  return (await Promise.all(found)).flat()
}

/** The directories of the instances of one broker. */
export const instancesIn = async (directory: string): Promise<readonly string[]> =>
  (await foldersIn(directory)).filter((name) => /^\d+$/.test(name)).map((name) => join(directory, name))

/** Names of the folders in a folder; of one that is not there, none. */
async function foldersIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'

/** A fresh platform for a scenario, and the official clients for setting it up. */
export interface BenchPlatform extends TestPlatform {
  readonly aws: Clients
}

/** Runs `work` on a fresh platform and removes it afterwards. */
export async function withPlatform<T>(work: (platform: BenchPlatform) => Promise<T>): Promise<T> {
  const directory = temporaryDirectory()
  const platform = await startTestPlatform({ data: directory.path, args: ['--log-level', 'error'] })
  try {
    return await work({ ...platform, aws: clients(platform.url) })
  } finally {
    await platform.stop()
    directory.remove()
  }
}

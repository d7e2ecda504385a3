import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineCache } from '@sluice/testkit/platform.ts'

const PROGRAM = fileURLToPath(new URL('java/OpenWireRoundTrip.java', import.meta.url))
/** The client's libraries come with the broker's distribution. */
const LIBRARIES = join(engineCache(), 'activemq-5.18.3', 'lib', '*')

/** The Java of the tests. */
export const JAVA = process.env['SLUICE_JAVA'] ?? 'java'

/** Whether it can run a source file; runtimes cannot. */
export const canCompile = (): boolean =>
  spawnSync(JAVA, ['--list-modules'], { encoding: 'utf8' }).stdout?.includes('jdk.compiler') === true

/**
 * A Java client sends a text to the queue `openwire.q` and prints what it receives.
 * @param ca file with the certificate of the authority that it trusts
 */
export const openWireRoundTrip = (
  url: string,
  ca: string,
  { username, password }: { readonly username: string; readonly password: string },
  text: string,
): SpawnSyncReturns<string> =>
  spawnSync(JAVA, ['-cp', LIBRARIES, PROGRAM, url, ca, username, password, text], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', JAVA_TOOL_OPTIONS: '-Dfile.encoding=UTF-8' },
  })

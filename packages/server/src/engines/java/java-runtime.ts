import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ANSWER_MILLIS = 20_000

export interface JavaRuntime {
  /** e.g. 17. */
  readonly major: number
  /** The command in the runtime's own home; a wrapper on PATH may point to another one tomorrow. */
  readonly java: string
}

/** What a `java` command really runs; undefined when it cannot be run or is no Java. */
export async function inspectJava(java: string): Promise<JavaRuntime | undefined> {
  try {
    const { stdout, stderr } = await run(java, ['-XshowSettings:properties', '-version'], { timeout: ANSWER_MILLIS })
    return parseSettings(stderr + stdout)
  } catch {
    return undefined
  }
}

/** Reads what `java -XshowSettings:properties` prints; before Java 9 the version began with `1.`. */
export function parseSettings(text: string): JavaRuntime | undefined {
  const version = /^\s*java\.specification\.version = (?:1\.)?(\d+)\s*$/m.exec(text)?.[1]
  const home = /^\s*java\.home = (.+?)\s*$/m.exec(text)?.[1]
  return version === undefined || home === undefined
    ? undefined
    : { major: Number(version), java: join(home, 'bin', 'java') }
}

import { access, constants, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { InstallProgress } from '#engines/broker-engine.ts'
import { inspectJava } from '#engines/java/java-runtime.ts'

/** Which Java versions an engine runs on, and why not on others. */
export interface JavaRange {
  readonly from: number
  readonly to: number
  /** The end of a sentence, e.g. `with Java 24 and later its audit log stays empty`. */
  readonly because: string
}

export interface JavaFinderOptions {
  /** `SLUICE_JAVA`: a `java` command or the home of a Java. */
  readonly configured?: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The last resort: brings a Java of its own, or says in a sentence why it cannot. */
  readonly packaged: (progress: InstallProgress) => Promise<string>
}

export type FindJava = (range: JavaRange, engine: string, progress: InstallProgress) => Promise<string>

interface Candidate {
  readonly from: string
  readonly java: string
}

/**
 * Absolute path of a `java` that the engine runs on: the configured one; else of JAVA_HOME, of PATH, or a packaged one.
 * @throws Error in one sentence that names what was tried and what to install
 */
export function javaFinder({ configured, environment, packaged }: JavaFinderOptions): FindJava {
  return async (range, engine, progress) => {
    const needs = `${engine} needs Java ${String(range.from)} to ${String(range.to)} (${range.because})`
    if (configured !== undefined) return useConfigured(configured, range, needs)
    const tried: string[] = []
    for (const candidate of await candidates(environment)) {
      const { java, trouble } = await look(candidate, range)
      if (java !== undefined) return java
      tried.push(trouble)
    }
    try {
      return await packaged(progress)
    } catch (error) {
      const found = tried.length === 0 ? 'none was found in JAVA_HOME or PATH' : tried.join('; ')
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(
        `${needs}, but ${found}; ${why}. Install a Java ${String(range.from)} (on Debian: openjdk-${String(range.from)}-jre-headless), or set SLUICE_JAVA to one`,
        { cause: error },
      )
    }
  }
}

async function useConfigured(configured: string, range: JavaRange, needs: string): Promise<string> {
  const isHome = await stat(configured).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const candidate = { from: 'SLUICE_JAVA', java: isHome ? join(configured, 'bin', 'java') : configured }
  const { java, trouble } = await look(candidate, range)
  if (java !== undefined) return java
  throw new Error(`${needs}, but ${trouble}; set SLUICE_JAVA to another one, or leave it out to have one found`)
}

type Look = { readonly java: string; readonly trouble?: never } | { readonly java?: never; readonly trouble: string }

async function look({ from, java }: Candidate, range: JavaRange): Promise<Look> {
  const runtime = await inspectJava(java)
  if (runtime === undefined) return { trouble: `${java} (from ${from}) cannot be run as a Java` }
  if (runtime.major >= range.from && runtime.major <= range.to) return { java: runtime.java }
  return { trouble: `${java} (from ${from}) is Java ${String(runtime.major)}` }
}

async function candidates(environment: Readonly<Record<string, string | undefined>>): Promise<readonly Candidate[]> {
  const home = environment['JAVA_HOME']
  const onPath = await findOnPath('java', environment['PATH'])
  return [
    ...(home === undefined || home === '' ? [] : [{ from: 'JAVA_HOME', java: join(home, 'bin', 'java') }]),
    ...(onPath === undefined ? [] : [{ from: 'PATH', java: onPath }]),
  ]
}

/** Absolute path of the first command of that name; folders that are not absolute are passed over. */
export async function findOnPath(command: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of (path ?? '').split(delimiter)) {
    const file = join(folder, command)
    if (
      folder.startsWith('/') &&
      (await access(file, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return file
  }
  return undefined
}

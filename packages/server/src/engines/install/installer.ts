import { copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type maven from 'mvn-artifact-url'
import * as tar from 'tar'
import type { InstallProgress } from '#engines/broker-engine.ts'
import type { Artifact } from '#engines/install/artifact.ts'
import { isThere } from '#engines/install/cache-folder.ts'
import type { CacheFolders } from '#engines/install/cache-folder.ts'
import { download, sha512Of } from '#engines/install/download.ts'

export interface InstallerOptions {
  readonly cacheDirectory: string
  readonly folders: CacheFolders
  /** Base of a Maven repository, ending in `/`; left out: Maven Central. */
  readonly repository?: string | undefined
}

/**
 * Folder of an unpacked distribution: the one in the cache, or else downloaded, verified and unpacked there.
 * @throws Error in one sentence: what could not be fetched, why, and what to do
 */
export type Install = (artifact: Artifact, progress: InstallProgress) => Promise<string>

/** Installs from a Maven repository into the cache, one process at a time for each distribution. */
export function installer({ cacheDirectory, folders, repository }: InstallerOptions): Install {
  return (artifact, progress) =>
    folders.make(
      artifact.name,
      async (empty) => {
        const archive = await fetched(artifact, join(cacheDirectory, 'downloads'), repository, progress)
        progress({ what: `unpacking ${artifact.name}` })
        await (artifact.coordinates.extension === 'jar'
          ? copyFile(archive, join(empty, artifact.proof))
          : unpack(archive, artifact, empty))
        await rm(archive, { force: true })
      },
      () => {
        progress({ what: `waiting for another process that installs ${artifact.name}` })
      },
    )
}

async function fetched(
  { name, coordinates, sizeBytes, sha512 }: Artifact,
  directory: string,
  repository: string | undefined,
  progress: InstallProgress,
): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const url = await urlOf(coordinates, repository)
  const file = join(directory, url.slice(url.lastIndexOf('/') + 1))
  // A file that somebody put there by hand, on a machine without a network.
  if ((await isThere(file)) && (await stat(file)).size === sizeBytes && (await sha512Of(file)) === sha512) return file
  await download({ url, sizeBytes, sha512, file }, (doneBytes) => {
    progress({ what: `downloading ${name}`, doneBytes, totalBytes: sizeBytes })
  })
  return file
}

/** The library is CommonJS with a `default` of its own, which only `require` gives everywhere; loaded when something is downloaded. */
function urlOf(coordinates: Artifact['coordinates'], repository: string | undefined): Promise<string> {
  const library = createRequire(import.meta.url)('mvn-artifact-url') as typeof maven
  return library.default(coordinates, repository)
}

async function unpack(archive: string, artifact: Artifact, directory: string): Promise<void> {
  const leaveOut = new Set(artifact.leaveOut)
  await tar.extract({
    file: archive,
    cwd: directory,
    strip: 1,
    strict: true,
    filter: (path) => {
      const [, ...inside] = path.split('/')
      return !inside.some((_, depth) => leaveOut.has(inside.slice(0, depth + 1).join('/')))
    },
  })
  if (await isThere(join(directory, artifact.proof))) return
  throw new Error(`${archive} holds no ${artifact.proof}, so it is not ${artifact.name}`)
}

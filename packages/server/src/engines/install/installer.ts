import { access, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import maven from 'mvn-artifact-url'
import * as tar from 'tar'
import type { InstallProgress } from '#engines/broker-engine.ts'
import type { Artifact } from '#engines/install/artifact.ts'
import { download, sha512Of } from '#engines/install/download.ts'
import { exclusively } from '#engines/install/exclusive.ts'

export interface InstallerOptions {
  /** Holds one folder a distribution, shared by every platform of this user. */
  readonly cacheDirectory: string
  /** Base of a Maven repository, ending in `/`; left out: Maven Central. */
  readonly repository?: string
}

/** Finds distributions in the cache or brings them there; what it returns is complete and never changes again. */
export interface Installer {
  /** Folder of the unpacked distribution, when it is there already. */
  find(artifact: Artifact): Promise<string | undefined>
  /** The same, after downloading, verifying and unpacking it if need be. Any number of processes may ask at once. */
  install(artifact: Artifact, progress?: InstallProgress): Promise<string>
}

const COMPLETE = '.complete'

export function installer({ cacheDirectory, repository }: InstallerOptions): Installer {
  const home = ({ name }: Artifact): string => join(cacheDirectory, name)

  const find = async (artifact: Artifact): Promise<string | undefined> =>
    (await exists(join(home(artifact), COMPLETE))) ? home(artifact) : undefined

  const bring = async (artifact: Artifact, progress: InstallProgress): Promise<string> => {
    const found = await find(artifact)
    if (found !== undefined) return found
    await removeLeftovers(cacheDirectory, artifact)
    const archive = await fetched(artifact, join(cacheDirectory, 'downloads'), repository, progress)
    progress({ what: `unpacking ${artifact.name}` })
    const unpacked = await unpack(archive, artifact, cacheDirectory)
    await rm(home(artifact), { recursive: true, force: true })
    await rename(unpacked, home(artifact))
    await rm(archive, { force: true })
    return home(artifact)
  }

  return {
    find,
    async install(artifact, progress = () => {}) {
      const found = await find(artifact)
      if (found !== undefined) return found
      const waiting = (): void => progress({ what: `waiting for another process that installs ${artifact.name}` })
      return exclusively(join(cacheDirectory, `${artifact.name}.lock`), () => bring(artifact, progress), waiting)
    },
  }
}

async function fetched(
  { name, coordinates, sizeBytes, sha512 }: Artifact,
  directory: string,
  repository: string | undefined,
  progress: InstallProgress,
): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const url = await maven.default(coordinates, repository)
  const file = join(directory, url.slice(url.lastIndexOf('/') + 1))
  // A file that somebody put there by hand, on a machine without a network.
  if ((await exists(file)) && (await stat(file)).size === sizeBytes && (await sha512Of(file)) === sha512) return file
  await download({ url, sizeBytes, sha512, file }, (doneBytes) => {
    progress({ what: `downloading ${name}`, doneBytes, totalBytes: sizeBytes })
  })
  return file
}

/** Unpacks beside the final place; the marker is its last file, so a folder with the marker is whole. */
async function unpack(archive: string, artifact: Artifact, cacheDirectory: string): Promise<string> {
  const directory = await mkdtemp(join(cacheDirectory, `${artifact.name}.unpacking-`))
  const leaveOut = new Set(artifact.leaveOut)
  await tar.extract({
    file: archive,
    cwd: directory,
    strip: 1,
    strict: true,
    filter: (path) => !leaveOut.has(path.split('/')[1] ?? '') && !leaveOut.has(path.split('/').slice(1, 3).join('/')),
  })
  if (!(await exists(join(directory, artifact.proof)))) throw new Error(`${archive} holds no ${artifact.proof}: it is not ${artifact.name}`)
  const marker = await open(join(directory, COMPLETE), 'wx')
  await marker.writeFile(`${artifact.sha512}\n`)
  await marker.sync()
  await marker.close()
  return directory
}

/** What a killed installer left; the lock is held, so nobody works in it. */
async function removeLeftovers(cacheDirectory: string, { name }: Artifact): Promise<void> {
  const leftovers = (await readdir(cacheDirectory)).filter((entry) => entry.startsWith(`${name}.unpacking-`))
  await Promise.all(leftovers.map((entry) => rm(join(cacheDirectory, entry), { recursive: true, force: true })))
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

import { join } from 'node:path'
import type { ActivemqRelease } from '#engines/activemq/versions.ts'
import { JETTY_JAAS, LOG4J_2, releaseOf } from '#engines/activemq/versions.ts'
import type { EngineNeeds, InstallProgress } from '#engines/broker-engine.ts'
import { cacheFolders, isThere } from '#engines/install/cache-folder.ts'
import { installer } from '#engines/install/installer.ts'
import { javaFinder } from '#engines/java/find-java.ts'
import { packagedJava } from '#engines/java/packaged-java.ts'

export interface ProvisionOptions {
  readonly cacheDirectory: string
  /** `SLUICE_JAVA`. */
  readonly java?: string | undefined
  /** Folder of an unpacked ActiveMQ, used for the version it holds. */
  readonly home?: string | undefined
  /** Base of a Maven repository, ending in `/`. */
  readonly repository?: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What a version needs to run. */
interface Provision {
  readonly home: string
  readonly java: string
  /** Jars beside those of its distribution. */
  readonly libraries: readonly string[]
}

/** Finds or brings what a version needs; once found it is remembered, and several callers share one search. */
export type Provisioner = (needs: EngineNeeds, progress?: InstallProgress) => Promise<Provision>

export function provisioner(options: ProvisionOptions): Provisioner {
  const { cacheDirectory, environment } = options
  const folders = cacheFolders(cacheDirectory)
  const install = installer({ cacheDirectory, folders, repository: options.repository })
  const findJava = javaFinder({
    configured: options.java,
    environment,
    packaged: packagedJava({ folders, cacheDirectory, environment }),
  })
  const known = new Map<string, Promise<Provision>>()

  const provide = async (release: ActivemqRelease, hasLdap: boolean, progress: InstallProgress): Promise<Provision> => {
    // Java first: without one there is no use in downloading anything.
    const java = await findJava(release.java, `ActiveMQ ${release.version}`, progress)
    const { home, libraries } = await distribution(release, progress)
    if (!hasLdap) return { java, home, libraries }
    return { java, home, libraries: [...libraries, join(await install(JETTY_JAAS, progress), JETTY_JAAS.proof)] }
  }

  const distribution = async (
    release: ActivemqRelease,
    progress: InstallProgress,
  ): Promise<Omit<Provision, 'java'>> => {
    const { logsWith, artifact } = release
    if (logsWith === undefined) {
      const home = (await configuredHome(options.home, release)) ?? (await install(artifact, progress))
      return { home, libraries: [] }
    }
    // Somebody's own folder of it has the libraries in it that must not be there.
    const [home, lender] = [await install(artifact, progress), await distribution(releaseOf(logsWith), progress)]
    return { home, libraries: LOG4J_2.map((file) => join(lender.home, file)) }
  }

  return ({ engineVersion, hasLdap }, progress = () => {}) => {
    const release = releaseOf(engineVersion)
    const key = hasLdap ? `${engineVersion} with LDAP` : engineVersion
    const found = known.get(key) ?? provide(release, hasLdap, progress)
    known.set(key, found)
    found.catch(() => {
      if (known.get(key) === found) known.delete(key)
    })
    return found
  }
}

async function configuredHome(home: string | undefined, { artifact }: ActivemqRelease): Promise<string | undefined> {
  return home !== undefined && (await isThere(join(home, artifact.proof))) ? home : undefined
}

import { cacheFolders } from '#engines/install/cache-folder.ts'
import { installer } from '#engines/install/installer.ts'
import type { Artifact } from '#engines/install/artifact.ts'

/** A process that installs one artifact and prints the folder: `install-dist.ts <cache> <repository> <artifact as JSON>`. */
const [, , cacheDirectory = '', repository = '', artifact = ''] = process.argv
const install = installer({ cacheDirectory, folders: cacheFolders(cacheDirectory), repository })
process.stdout.write(await install(JSON.parse(artifact) as Artifact, () => {}))

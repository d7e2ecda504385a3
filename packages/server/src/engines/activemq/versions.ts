import type { EngineVersion } from '#engines/broker-engine.ts'
import type { Artifact } from '#engines/install/artifact.ts'
import type { JavaRange } from '#engines/java/find-java.ts'

/** An ActiveMQ that can be run: its distribution and the Java it runs on. */
export interface ActivemqRelease {
  readonly version: string
  readonly artifact: Artifact
  readonly java: JavaRange
}

/** @source tried with 17, 21 and 25: `Subject.getSubject`, which its audit log asks for the user, throws from 24 on */
const JAVA: JavaRange = { from: 17, to: 23, because: 'its audit log does not work on Java 24 and later' }

const release = (version: string, sizeBytes: number, sha512: string): ActivemqRelease => ({
  version,
  java: JAVA,
  artifact: {
    name: `activemq-${version}`,
    coordinates: {
      groupId: 'org.apache.activemq',
      artifactId: 'apache-activemq',
      version,
      classifier: 'bin',
      extension: 'tar.gz',
    },
    sizeBytes,
    sha512,
    proof: proofOf(version),
    leaveOut: ['docs', 'examples', 'webapps-demo', 'lib/camel', `activemq-all-${version}.jar`],
  },
})

/** A file that only the distribution of this version has. */
const proofOf = (version: string): string => `lib/activemq-broker-${version}.jar`

/** Sizes and checksums were taken from Maven Central, which publishes no SHA-512 of its own. */
export const RELEASES: readonly ActivemqRelease[] = [
  release(
    '5.18.3',
    49_549_502,
    '61abc4a08b9e1db6a5b1062bb1c839171e93bcb571817fd81744dd19874d713840bba99c7979d45bcb832d13ea01986b76fb11720f5ec63a0283e7d1934a33cc',
  ),
  release(
    '5.17.6',
    49_422_199,
    'c34a1179f8a14ab07299b219287b7cc0bbf4e89ac66139f31a12dd8d36c2e2308230a7f6cc8c3f6aa6147ac58b5c6b37c253a9797c5e1665786161f417e96842',
  ),
]

/** What requests may ask for, newest first: from 5.18 on without a patch number, before with one, as on AWS. */
export const activemqVersions: readonly EngineVersion[] = [
  { requested: '5.18', runs: '5.18.3' },
  { requested: '5.17.6', runs: '5.17.6' },
]

/** @throws Error when this version cannot be run */
export function releaseOf(engineVersion: string): ActivemqRelease {
  const found = RELEASES.find(({ version }) => version === engineVersion)
  if (found !== undefined) return found
  const known = RELEASES.map(({ version }) => version).join(', ')
  throw new Error(`ActiveMQ ${JSON.stringify(engineVersion)} cannot be run; the versions are ${known}`)
}

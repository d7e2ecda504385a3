import type { EngineVersion } from '#engines/broker-engine.ts'
import type { Artifact } from '#engines/install/artifact.ts'
import type { JavaRange } from '#engines/java/find-java.ts'

/** An ActiveMQ that can be run: its distribution and the Java it runs on. */
export interface ActivemqRelease {
  readonly version: string
  readonly artifact: Artifact
  readonly java: JavaRange
  /** Another release whose log4j 2 it runs with; missing: with its own. */
  readonly logsWith?: string
}

/** @source tried with 17, 21 and 25: `Subject.getSubject`, which its audit log asks for the user, throws from 24 on */
const JAVA: JavaRange = { from: 17, to: 23, because: 'its audit log does not work on Java 24 and later' }

const release = (
  version: string,
  sizeBytes: number,
  sha512: string,
  old?: { readonly leaveOut: readonly string[]; readonly logsWith: string },
): ActivemqRelease => ({
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
    leaveOut: [
      'docs',
      'examples',
      'webapps-demo',
      'lib/camel',
      `activemq-all-${version}.jar`,
      ...(old?.leaveOut ?? []),
    ],
  },
  ...(old === undefined ? {} : { logsWith: old.logsWith }),
})

/** A file that only the distribution of this version has. */
const proofOf = (version: string): string => `lib/activemq-broker-${version}.jar`

/**
 * It talks to SLF4J, and behind that has log4j 1, which renames its files as they fill, so that a reader of them loses
 * lines. With the log4j 2 of a later release its lines are the same, in files that are never renamed.
 */
const LOG4J_1: readonly string[] = [
  'lib/slf4j-api-1.7.36.jar',
  'lib/optional/slf4j-reload4j-1.7.36.jar',
  'lib/optional/reload4j-1.2.24.jar',
  'lib/optional/insight-log4j-1.2.0.Beta4.jar',
  'lib/optional/activemq-log4j-appender-5.16.7.jar',
]

/** What logs, of the release that others log with. */
export const LOG4J_2: readonly string[] = [
  'lib/slf4j-api-2.0.9.jar',
  'lib/optional/log4j-api-2.20.0.jar',
  'lib/optional/log4j-core-2.20.0.jar',
  'lib/optional/log4j-slf4j2-impl-2.20.0.jar',
]

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
  release(
    '5.16.7',
    64_423_503,
    'cc0ceeb32d4c2dc22883ed0ffe7ec5bb16fb99963c445cad24b4ea313e3e780510e81ffd5828ce7f5c4e5898b4eba1a7c3c77f0912c52accf2d0e517ba75bdb7',
    { leaveOut: LOG4J_1, logsWith: '5.18.3' },
  ),
]

/**
 * Lets Jetty ask the broker's own log-in; only brokers with users in a directory need it. It is Jetty's, and of the version that 5.17 and
 * 5.18 bring without it; 5.16 works with it as well.
 */
export const JETTY_JAAS: Artifact = {
  name: 'jetty-jaas-9.4.53.v20231009',
  coordinates: {
    groupId: 'org.eclipse.jetty',
    artifactId: 'jetty-jaas',
    version: '9.4.53.v20231009',
    extension: 'jar',
  },
  sizeBytes: 47_937,
  sha512:
    '23a184ffb11fb1f568d5d4cc96bc210cb3de5d3b57bc04be54f4d2533e7ed9a5478bd832e404f235adeb041c3ab8e531816aa9584910cd0023f0c6d96a9c628f',
  proof: 'jetty-jaas-9.4.53.v20231009.jar',
  leaveOut: [],
}

/** What requests may ask for, newest first: from 5.18 on without a patch number, before with one, as on AWS. */
export const activemqVersions: readonly EngineVersion[] = [
  { requested: '5.18', runs: '5.18.3' },
  { requested: '5.17.6', runs: '5.17.6' },
  { requested: '5.16.7', runs: '5.16.7' },
]

/** @throws Error when this version cannot be run */
export function releaseOf(engineVersion: string): ActivemqRelease {
  const found = RELEASES.find(({ version }) => version === engineVersion)
  if (found !== undefined) return found
  const known = RELEASES.map(({ version }) => version).join(', ')
  throw new Error(`ActiveMQ ${JSON.stringify(engineVersion)} cannot be run; the versions are ${known}`)
}

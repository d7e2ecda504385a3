import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { engineCache } from '@sluice/testkit/platform.ts'
import type { Artifact } from '../../packages/server/src/engines/install/artifact.ts'
import { cacheFolders } from '../../packages/server/src/engines/install/cache-folder.ts'
import { installer } from '../../packages/server/src/engines/install/installer.ts'
import { openCertificateAuthority, pkcs12 } from '../../packages/server/src/kernel/ca.ts'
import { JAVA, canCompile } from './openwire.ts'

/** The UnboundID LDAP SDK, of which the tests use the directory server (Apache License 2.0 among others). */
const LDAP_SDK: Artifact = {
  name: 'unboundid-ldapsdk-7.0.3',
  coordinates: { groupId: 'com.unboundid', artifactId: 'unboundid-ldapsdk', version: '7.0.3', extension: 'jar' },
  sizeBytes: 5_895_907,
  sha512:
    '25fef7f28e06bedfa54672370e0e4cfb5ef8041f1bd5abf2826ad022e5131bf1d3791314888a939f3fe25edbc28d28afffdd7125cfae16876ead0bf50c68351a',
  proof: 'unboundid-ldapsdk-7.0.3.jar',
  leaveOut: [],
}
const PROGRAM = fileURLToPath(new URL('java/DirectoryServer.java', import.meta.url))
const KEY_STORE_PASSWORD = 'of-the-tests'

/** Where the server listens: an address of its own, since the port is decided. */
const ADDRESS = process.platform === 'linux' ? '127.0.63.6' : '127.0.0.1'
const PORT = 636

/** A directory that runs until it is stopped. */
export interface Directory {
  readonly host: string
  /** The file with the certificate of its authority. */
  readonly caFile: string
  /** Applies one change, in LDIF. */
  change(ldif: string): Promise<void>
  stop(): Promise<void>
}

/** Why a directory cannot be run here; `undefined`: it can. */
export async function whyNoDirectory(): Promise<string | undefined> {
  if (!canCompile()) return `${JAVA} cannot run a source file, in which the LDAP server is written`
  const server = createServer()
  const trouble = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen(PORT, ADDRESS, () => resolve(undefined))
  })
  if (trouble !== undefined)
    return `port ${String(PORT)}, which Amazon MQ asks LDAP servers at, cannot be used: ${trouble.message}`
  await once(server.close(), 'close')
  return undefined
}

/** Starts a real LDAP server with these entries below the bases. */
export async function startDirectory(ldif: string, ...bases: readonly string[]): Promise<Directory> {
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-directory-'))
  const [library, keyStore, data, caFile] = [
    await sdk(),
    ...['server.p12', 'data.ldif', 'ca.pem'].map((name) => join(scratch, name)),
  ]
  const ca = await openCertificateAuthority(join(scratch, 'ca'))
  const certificate = await ca.issueTo(join(scratch, 'certificate.pem'), {
    commonName: 'directory',
    ipAddresses: [ADDRESS],
  })
  await writeFile(keyStore ?? '', await pkcs12(certificate, KEY_STORE_PASSWORD, 'directory'))
  await writeFile(data ?? '', ldif)
  await writeFile(caFile ?? '', ca.certificatePem)
  const options = ['-Xmx64m', '-XX:TieredStopAtLevel=1', '-Djava.net.preferIPv4Stack=true', '-cp', library]
  const child = spawn(
    JAVA,
    [...options, PROGRAM, ADDRESS, String(PORT), keyStore ?? '', KEY_STORE_PASSWORD, data ?? '', ...bases],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const says = async (word: string): Promise<void> => {
    const { value } = await lines.next()
    if (value !== word) throw new Error(`the LDAP server said ${JSON.stringify(value)} instead of ${word}`)
  }
  await says('ready')
  return {
    host: ADDRESS,
    caFile: caFile ?? '',
    async change(change) {
      child.stdin.write(`${change.trim()}\n\n`)
      await says('changed')
    },
    stop: async () => {
      await ended(child)
      await rm(scratch, { recursive: true, force: true })
    },
  }
}

async function sdk(): Promise<string> {
  const cacheDirectory = engineCache()
  const install = installer({ cacheDirectory, folders: cacheFolders(cacheDirectory) })
  return join(await install(LDAP_SDK, () => {}), LDAP_SDK.proof)
}

async function ended(child: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.stdin.end()
  await exited
}

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import * as tar from 'tar'
import type { Artifact } from '#engines/install/artifact.ts'

/** A Maven repository on this machine, for tests of the installer. */
export interface TestRepository {
  readonly url: string
  /** Path and Range of every request so far. */
  readonly requests: readonly { readonly path: string; readonly range: string | undefined }[]
  close(): Promise<void>
}

/** How a request is answered. `cut`: the connection breaks after so many bytes. */
export interface Behaviour {
  readonly status?: number
  readonly cut?: number
  readonly ranges?: boolean
}

/** Serves `files` by path; `behave` decides how the n-th request (from 0) goes. */
export async function testRepository(
  files: Readonly<Record<string, Uint8Array>>,
  behave: (request: number) => Behaviour = () => ({}),
): Promise<TestRepository> {
  const requests: { path: string; range: string | undefined }[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    requests.push({ path, range: request.headers.range })
    answer(request, response, files[path], behave(requests.length - 1))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    requests,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  file: Uint8Array | undefined,
  behaviour: Behaviour,
): void {
  const { status, cut, ranges = true } = behaviour
  if (status !== undefined || file === undefined) {
    response.writeHead(status ?? 404).end()
    return
  }
  const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0
  const part = file.subarray(from)
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length })
  if (cut === undefined) response.end(part)
  else response.write(part.subarray(0, cut), () => setTimeout(() => response.destroy(), 20))
}

/** A small distribution as a `.tar.gz`, made in `directory`, and its description. */
export async function testDistribution(
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly artifact: Artifact; readonly path: string; readonly bytes: Buffer }> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(directory, 'dist-1.0', name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  const archive = join(directory, 'dist.tar.gz')
  await tar.create({ file: archive, cwd: directory, gzip: true }, ['dist-1.0'])
  const bytes = await readFile(archive)
  return {
    bytes,
    path: '/org/example/dist/1.0/dist-1.0-bin.tar.gz',
    artifact: {
      name: 'dist-1.0',
      coordinates: {
        groupId: 'org.example',
        artifactId: 'dist',
        version: '1.0',
        classifier: 'bin',
        extension: 'tar.gz',
      },
      sizeBytes: bytes.length,
      sha512: createHash('sha512').update(bytes).digest('hex'),
      proof: 'lib/dist.jar',
      leaveOut: ['docs', 'lib/extra'],
    },
  }
}

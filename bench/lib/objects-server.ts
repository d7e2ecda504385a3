// The floor of object storage: node:http straight to a file and fdatasync, and back. No checks, no encryption, nothing that
// says what is there. A crash of the machine may take the name of a file whose bytes are on the disk; below `/named/` the
// folder is synced as well, which is the promise that the platform gives.
import { mkdtempSync } from 'node:fs'
import { open, unlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { rmSync } from 'node:fs'

const directory = mkdtempSync(join(tmpdir(), 'objects-floor-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
process.on('SIGTERM', () => process.exit(0))

const fileOf = (url = ''): string => join(directory, encodeURIComponent(url.split('?')[0] ?? ''))

async function syncNames(): Promise<void> {
  const folder = await open(directory)
  await folder.sync()
  await folder.close()
}

const server = createServer((request, response) => {
  const answer = async (): Promise<void> => {
    if (request.method === 'PUT') {
      const file = await open(fileOf(request.url), 'w')
      for await (const piece of request as AsyncIterable<Buffer>) await file.write(piece)
      await file.datasync()
      await file.close()
      if (request.url?.startsWith('/named/') === true) await syncNames()
      response.end()
      return
    }
    if (request.method === 'DELETE') {
      await unlink(fileOf(request.url))
      response.writeHead(204).end()
      return
    }
    const file = await open(fileOf(request.url))
    response.writeHead(200, { 'content-length': (await file.stat()).size })
    await pipeline(file.createReadStream(), response)
  }
  answer().catch(() => response.destroy())
})
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`Endpoint http://127.0.0.1:${String((server.address() as AddressInfo).port)}\nReady.\n`),
)

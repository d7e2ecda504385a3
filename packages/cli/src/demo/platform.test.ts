import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configOf } from '#cli/settings.ts'
import { findOrStartPlatform } from '#cli/demo/platform.ts'

test('a platform that answers already is used, and left running', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'demo-'))
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"running"}'),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const platform = await findOrStartPlatform(configOf({ data: directory, port, host: '127.0.0.1' }))
  expect({ url: platform.url, ours: platform.ours }).toEqual({ url: `http://127.0.0.1:${String(port)}`, ours: false })
  await platform.stop()
  expect(server.listening).toBe(true)
  server.close()
  server.closeAllConnections()
  rmSync(directory, { recursive: true, force: true })
})

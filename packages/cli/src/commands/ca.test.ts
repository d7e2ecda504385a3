import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { ca } from '#cli/commands/ca.ts'

async function answering<T>(status: number, body: string, use: (endpoint: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/_sluice/ca.pem' ? status : 404).end(body),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

test('the certificate is printed as it is', async () => {
  expect(await answering(200, '-----BEGIN CERTIFICATE-----\n', ca)).toBe('-----BEGIN CERTIFICATE-----\n')
})

test('anything but a certificate is an error that says what answered', async () => {
  await expect(answering(503, 'no', ca)).rejects.toThrow('answered 503 when asked for its certificate authority')
})

test('without a platform it says how to start one', async () => {
  await expect(ca('http://127.0.0.1:1')).rejects.toThrow(
    'no platform answers at http://127.0.0.1:1; start one with: sluice start',
  )
})

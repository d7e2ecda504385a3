import { request } from 'node:https'
import { consolePortAt } from '#engines/activemq/ports.ts'
import type { PlatformUser } from '#engines/activemq/run-secrets.ts'
import type { Address } from '#supervisor/addresses.ts'

/** Attributes of the MBeans whose names fit a pattern. */
export interface AttributeRead {
  readonly mbean: string
  readonly attributes: readonly string[]
}

/** Attributes by the name of their MBean. */
export type AttributeValues = ReadonlyMap<string, Readonly<Record<string, unknown>>>

export interface JolokiaTarget {
  readonly address: Address
  readonly caPem: string
  readonly platformUser: PlatformUser
}

const ANSWER_MILLIS = 10_000
/** Ten thousand destinations take about 4 MiB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024

/**
 * Reads attributes, in one request. Unlike operations, reading leaves no line in a broker's logs.
 * @returns what was read, in the order asked for; `undefined` when nobody listens, as at a standby
 * @throws Error when the broker answers something else
 */
export async function readAttributes(
  target: JolokiaTarget,
  reads: readonly AttributeRead[],
): Promise<readonly AttributeValues[] | undefined> {
  const asked = reads.map(({ mbean, attributes }) => ({ type: 'read', mbean, attribute: attributes }))
  const answer = await post(target, JSON.stringify(asked))
  if (answer === undefined) return undefined
  const results = JSON.parse(answer) as unknown
  if (!Array.isArray(results) || results.length !== reads.length)
    throw new Error('the broker answered its metrics in another form than asked for')
  return results.map((result, index) => valuesOf(result as Result, reads[index]?.mbean ?? ''))
}

interface Result {
  readonly status?: number
  readonly error?: string
  readonly value?: unknown
}

const NOTHING_FITS = 404

function valuesOf({ status, error, value }: Result, mbean: string): AttributeValues {
  if (status === NOTHING_FITS) return new Map()
  if (status !== 200 || typeof value !== 'object' || value === null)
    throw new Error(`the broker did not answer ${mbean}: ${error ?? `status ${String(status)}`}`)
  // A pattern is answered by name; a single MBean directly.
  return mbean.includes('*')
    ? new Map(Object.entries(value) as [string, Record<string, unknown>][])
    : new Map([[mbean, value as Record<string, unknown>]])
}

function post({ address, caPem, platformUser }: JolokiaTarget, body: string): Promise<string | undefined> {
  const { username, password } = platformUser
  const port = consolePortAt(address)
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        method: 'POST',
        host: address.advertised,
        port,
        path: '/api/jolokia/',
        auth: `${username}:${password}`,
        ca: caPem,
        agent: false,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          // Jolokia takes no request without one, so that no page in a browser can send it unseen.
          origin: `https://${address.advertised}:${String(port)}`,
        },
        signal: AbortSignal.timeout(ANSWER_MILLIS),
      },
      (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > MAX_ANSWER_BYTES) asked.destroy(new Error('the broker answered too much'))
          else chunks.push(chunk)
        })
        response.on('end', () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'))
          else reject(new Error(`the broker answered ${String(response.statusCode)} instead of its metrics`))
        })
        response.on('error', reject)
      },
    )
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') resolve(undefined)
      else reject(error)
    })
    asked.end(body)
  })
}

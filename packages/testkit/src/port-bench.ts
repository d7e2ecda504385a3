import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TLSSocket, connect as connectTls } from 'node:tls'
import { afterEach } from 'vitest'
import type { Reply } from '@sluice/wire'
import { BodyBudget } from '../../server/src/gateway/body.ts'
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../server/src/gateway/connection-limits.ts'
import { type HttpOptions, type HttpServer, listen } from '../../server/src/gateway/http.ts'
import { certificateNames } from '../../server/src/gateway/https-certificate.ts'
import type { GatewayRequest } from '../../server/src/gateway/request.ts'
import { type IssuedCertificate, openCertificateAuthority } from '../../server/src/kernel/ca.ts'
import { type LogFields, silentTelemetry } from '../../server/src/kernel/telemetry.ts'

/** How a client speaks to the port. */
export type Scheme = 'http' | 'https'
export const SCHEMES = ['http', 'https'] as const satisfies readonly Scheme[]

export interface PortBenchOptions {
  /** What stands behind the port; left out: it answers `hello`. */
  readonly handle?: (request: GatewayRequest) => Promise<Reply>
  readonly host?: string
  readonly limits?: Partial<ConnectionLimits>
  readonly budget?: BodyBudget
  readonly corsOrigins?: readonly string[]
  readonly bucketPages?: HttpOptions['bucketPages']
  readonly certificate?: HttpOptions['certificate']
}

export interface PortBench {
  readonly server: HttpServer
  readonly port: number
  readonly budget: BodyBudget
  /** What reached the gateway. */
  readonly requests: readonly GatewayRequest[]
  /** What was logged as an error. */
  readonly errors: readonly LogFields[]
  /** A connection that is ready to be written to. */
  dial(scheme: Scheme): Promise<Socket>
  /** Writes bytes and reads until the other side closes. */
  exchange(scheme: Scheme, bytes: string): Promise<string>
}

let issuing: Promise<IssuedCertificate & { readonly authorityPem: string }> | undefined

/** One certificate for all tests of a worker: making keys takes longer than the tests. */
export function testCertificate(): Promise<IssuedCertificate & { readonly authorityPem: string }> {
  issuing ??= issueTestCertificate()
  return issuing
}

async function issueTestCertificate(): Promise<IssuedCertificate & { readonly authorityPem: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-port-ca-'))
  try {
    const authority = await openCertificateAuthority(directory)
    const issued = await authority.issue({ commonName: 'localhost', ...certificateNames('127.0.0.1') })
    return { ...issued, authorityPem: authority.certificatePem }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

export const textReply = (body: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body,
})

/** For a test file: a way to open benches that are closed after each test. */
export function useBenches(): (options?: PortBenchOptions) => Promise<PortBench> {
  const benches: PortBench[] = []
  afterEach(async () => {
    await Promise.all(benches.splice(0).map(({ server }) => server.close(0)))
  })
  return async (options) => {
    const bench = await openPortBench(options)
    benches.push(bench)
    return bench
  }
}

/** For tests: the platform's port with a gateway that does what the test says. */
export async function openPortBench(options: PortBenchOptions = {}): Promise<PortBench> {
  const { host = '127.0.0.1', budget = new BodyBudget() } = options
  const requests: GatewayRequest[] = []
  const errors: LogFields[] = []
  const server = await listen({
    gateway: {
      handle: (request) => {
        requests.push(request)
        return options.handle?.(request) ?? Promise.resolve(textReply('hello'))
      },
      call: () => Promise.reject(new Error('nobody calls from here')),
    },
    admin: () => undefined,
    host,
    port: 0,
    budget,
    certificate: options.certificate ?? testCertificate,
    corsOrigins: options.corsOrigins ?? [],
    ...(options.bucketPages === undefined ? {} : { bucketPages: options.bucketPages }),
    limits: { ...CONNECTION_LIMITS, ...options.limits },
    telemetry: { ...silentTelemetry, log: { ...silentTelemetry.log, error: (fields) => errors.push(fields) } },
  })
  const port = Number(new URL(server.url).port)
  const dial = (scheme: Scheme): Promise<Socket> => (scheme === 'http' ? dialPlain(host, port) : dialTls(host, port))
  return {
    server,
    port,
    budget,
    requests,
    errors,
    dial,
    exchange: async (scheme, bytes) => {
      const socket = await dial(scheme)
      const answer = readAll(socket)
      socket.write(bytes)
      return answer
    },
  }
}

async function dialPlain(host: string, port: number): Promise<Socket> {
  const socket = connect(port, host)
  await once(socket, 'connect')
  return socket
}

async function dialTls(host: string, port: number): Promise<TLSSocket> {
  const { authorityPem } = await testCertificate()
  const socket = connectTls({ host, port, servername: 'localhost', ca: authorityPem, ALPNProtocols: ['http/1.1'] })
  await once(socket, 'secureConnect')
  return socket
}

/** Everything a socket receives until it closes, however it closes. */
export async function readAll(socket: Socket): Promise<string> {
  let received = ''
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1')
  })
  socket.on('error', () => {})
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  return received
}

/** The head of a request, line by line. */
export const requestHead = (lines: readonly string[], start = 'POST / HTTP/1.1'): string =>
  `${[start, ...lines].join('\r\n')}\r\n\r\n`

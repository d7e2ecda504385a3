import { once } from 'node:events'
import { type Socket, connect } from 'node:net'

/** An answer as it came, its body without chunks. */
export interface RawAnswer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface RawRequest {
  readonly method: string
  readonly rawUrl: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** One kept connection that sends what no HTTP client would; it dials again when the other side closed it. */
export interface RawConnection {
  /** Sends one request, with its body's real length. */
  send(request: RawRequest): Promise<RawAnswer>
  close(): void
}

/** The bytes of a request. Header values are Latin-1, as on the network. */
export function rawBytes({ method, rawUrl, headers, body }: RawRequest): Buffer {
  const lines = Object.entries({ ...headers, 'content-length': String(body.length) }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  )
  return Buffer.concat([Buffer.from(`${method} ${rawUrl} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), body])
}

export function rawConnection(url: string): RawConnection {
  let socket: Socket | undefined
  const dial = async (): Promise<Socket> => {
    if (socket !== undefined && !socket.destroyed && socket.writable && !socket.readableEnded) return socket
    const { hostname, port } = new URL(url)
    const made = connect(Number(port), hostname)
    // Whoever waits for an answer hears of it by the end of the connection.
    made.on('error', () => {})
    await once(made, 'connect')
    socket = made
    return made
  }
  return {
    send: async (request) => {
      const line = await dial()
      const answer = readAnswer(line, request.method === 'HEAD')
      line.write(rawBytes(request))
      const read = await answer
      if (read.headers['connection'] === 'close') line.destroy()
      return read
    },
    close: () => socket?.destroy(),
  }
}

const HEAD_END = '\r\n\r\n'

/** Reads one answer. @throws Error when the connection ends before it does */
export function readAnswer(socket: Socket, isHead: boolean): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const done = (settle: () => void): void => {
      socket.off('data', hear).off('close', gone)
      settle()
    }
    const hear = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes])
      const answer = parseAnswer(received, isHead)
      if (answer !== undefined) done(() => resolve(answer))
    }
    const gone = (): void =>
      done(() =>
        reject(new Error(`closed after ${String(received.length)} bytes: ${received.toString('latin1', 0, 200)}`)),
      )
    socket.on('data', hear).on('close', gone)
  })
}

/** The first answer in `bytes`; `undefined`: more must come. Interim answers are passed over. */
function parseAnswer(bytes: Buffer, isHead: boolean): RawAnswer | undefined {
  const end = bytes.indexOf(HEAD_END)
  if (end === -1) return undefined
  const [line = '', ...rest] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = Number(line.split(' ')[1])
  const content = bytes.subarray(end + HEAD_END.length)
  if (status === 100) return parseAnswer(content, isHead)
  const headers = Object.fromEntries(
    rest.map((header) => [header.split(':')[0]?.toLowerCase() ?? '', header.slice(header.indexOf(':') + 1).trim()]),
  )
  if (isHead || status === 204 || status === 304) return { status, headers, body: Buffer.alloc(0) }
  if (headers['transfer-encoding'] === 'chunked') {
    const body = joined(content)
    return body === undefined ? undefined : { status, headers, body }
  }
  const length = Number(headers['content-length'] ?? 0)
  return content.length < length ? undefined : { status, headers, body: content.subarray(0, length) }
}

function joined(content: Buffer): Buffer | undefined {
  const pieces: Buffer[] = []
  for (let at = 0; ;) {
    const end = content.indexOf('\r\n', at)
    if (end === -1) return undefined
    const size = Number.parseInt(content.toString('latin1', at, end), 16)
    if (content.length < end + 2 + size + 2) return undefined
    if (size === 0) return Buffer.concat(pieces)
    pieces.push(content.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

import { isIP } from 'node:net'
import { type TLSSocket, connect } from 'node:tls'
import { type BerValue, ber, berNumber, berValues, numberOf, readBer } from '#engines/ldap/ber.ts'

export interface LdapTarget {
  readonly host: string
  readonly port: number
  /** Authorities to trust, PEM; left out: those that Node brings. */
  readonly ca?: string | undefined
  readonly signal: AbortSignal
}

/** What a server answers to a request. @source RFC 4511, section 4.1.9 */
export interface LdapResult {
  readonly code: number
  /** What the server says about it. */
  readonly message: string
}

/** Result codes by their names in RFC 4511. */
export const LDAP_CODES = { success: 0, noSuchObject: 32, invalidDnSyntax: 34 } as const

/** @source RFC 4511: tags of the messages */
const TAGS = {
  integer: 0x02,
  text: 0x04,
  enumerated: 0x0a,
  boolean: 0x01,
  sequence: 0x30,
  bindRequest: 0x60,
  bindResponse: 0x61,
  searchRequest: 0x63,
  searchDone: 0x65,
  simplePassword: 0x80,
  present: 0x87,
} as const
const VERSION = 3
const MAX_ANSWER_BYTES = 1024 * 1024
const SCOPES = { oneLevel: 1, subtree: 2 } as const
/** @source RFC 4511, section 4.5.1.8: no attributes are wanted */
const NO_ATTRIBUTES = '1.1'

/** A connection to an LDAP server over TLS; one request at a time. */
export class LdapConnection {
  readonly #socket: TLSSocket
  readonly #signal: AbortSignal
  #received = Buffer.alloc(0)
  #id = 0

  private constructor(socket: TLSSocket, signal: AbortSignal) {
    this.#socket = socket
    this.#signal = signal
  }

  /** @throws Error when nobody listens, or the server's certificate is not its name's, or nobody's whom `ca` trusts */
  static async open({ host, port, ca, signal }: LdapTarget): Promise<LdapConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const socket = connect({
      host,
      port,
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    })
    socket.once('secureConnect', resolve)
    // Stays for the life of the connection: what goes wrong later is told to whoever waits for an answer.
    socket.on('error', reject)
    const abort = (): void => void socket.destroy(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    socket.once('close', () => {
      signal.removeEventListener('abort', abort)
      reject(new Error('the server closed the connection'))
    })
    await promise
    return new LdapConnection(socket, signal)
  }

  /** Logs in as an entry of the directory. */
  bind(name: string, password: string): Promise<LdapResult> {
    const request = ber(
      TAGS.bindRequest,
      berNumber(TAGS.integer, VERSION),
      ber(TAGS.text, name),
      ber(TAGS.simplePassword, password),
    )
    return this.#ask(request, TAGS.bindResponse)
  }

  /** Whether entries below `base` can be searched; none of them is read. */
  search(base: string, scope: keyof typeof SCOPES): Promise<LdapResult> {
    const request = ber(
      TAGS.searchRequest,
      ber(TAGS.text, base),
      berNumber(TAGS.enumerated, SCOPES[scope]),
      berNumber(TAGS.enumerated, 0),
      berNumber(TAGS.integer, 1),
      berNumber(TAGS.integer, 0),
      ber(TAGS.boolean, Buffer.from([0xff])),
      ber(TAGS.present, 'objectClass'),
      ber(TAGS.sequence, ber(TAGS.text, NO_ATTRIBUTES)),
    )
    return this.#ask(request, TAGS.searchDone)
  }

  close(): void {
    this.#socket.destroy()
  }

  async #ask(request: Buffer, answer: number): Promise<LdapResult> {
    this.#id += 1
    this.#socket.write(ber(TAGS.sequence, berNumber(TAGS.integer, this.#id), request))
    for (;;) {
      const [id, operation] = berValues((await this.#next()).content)
      if (id === undefined || operation === undefined) throw new Error('the server answered no LDAP message')
      // Entries that were found come before the end of a search.
      if (numberOf(id) === this.#id && operation.tag === answer) return resultOf(operation)
      if (numberOf(id) !== this.#id) throw new Error('the server ended the connection')
    }
  }

  async #next(): Promise<BerValue> {
    for (;;) {
      const value = readBer(this.#received, MAX_ANSWER_BYTES)
      if (value !== undefined) {
        this.#received = this.#received.subarray(value.end)
        return value
      }
      this.#received = Buffer.concat([this.#received, await this.#chunk()])
    }
  }

  #chunk(): Promise<Buffer> {
    const socket = this.#socket
    return new Promise((resolve, reject) => {
      const settle = (error: Error | undefined, chunk?: Buffer): void => {
        socket.off('data', data).off('error', failed).off('close', closed)
        socket.pause()
        if (chunk === undefined) reject(error ?? new Error('the server closed the connection'))
        else resolve(chunk)
      }
      const data = (chunk: Buffer): void => settle(undefined, chunk)
      const failed = (error: Error): void => settle(error)
      const closed = (): void => settle(this.#signal.aborted ? (this.#signal.reason as Error) : undefined)
      if (socket.destroyed) return closed()
      socket.on('data', data).on('error', failed).on('close', closed)
      socket.resume()
    })
  }
}

function resultOf({ content }: BerValue): LdapResult {
  const [code, , message] = berValues(content)
  if (code === undefined || message === undefined) throw new Error('the server answered no LDAP result')
  return { code: numberOf(code), message: message.content.toString('utf8') }
}

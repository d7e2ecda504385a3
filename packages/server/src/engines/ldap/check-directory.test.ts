import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, type TLSSocket, createServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { LdapDirectory } from '#engines/broker-engine.ts'
import { ber, berNumber, berValues, numberOf, readBer } from '#engines/ldap/ber.ts'
import { checkDirectory } from '#engines/ldap/check-directory.ts'
import { type CertificateAuthority, openCertificateAuthority } from '#kernel/ca.ts'

const DIRECTORY: LdapDirectory = {
  hosts: ['127.0.0.1'],
  serviceAccountUsername: 'cn=broker',
  serviceAccountPassword: 'service-secret',
  userBase: 'ou=people',
  userSearchMatching: '(uid={0})',
  userSearchSubtree: false,
  roleBase: 'ou=groups',
  roleSearchMatching: '(member={0})',
  roleSearchSubtree: true,
}

let scratch: string
let ca: CertificateAuthority
let certificate: { readonly key: string; readonly cert: string }
const servers: Server[] = []

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sluice-ldap-'))
  ca = await openCertificateAuthority(join(scratch, 'ca'))
  const issued = await ca.issueTo(join(scratch, 'certificate.pem'), { commonName: 'ldap', ipAddresses: ['127.0.0.1'] })
  certificate = { key: issued.privateKeyPem, cert: issued.certificatePem }
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

/** How the far end answers: result codes of binds by password and of searches by base. */
interface Answers {
  readonly binds?: Readonly<Record<string, number>>
  readonly searches?: Readonly<Record<string, number>>
  /** Instead of everything else. */
  readonly raw?: (socket: TLSSocket) => void
}

/** A far end that speaks as much LDAP as is asked of it, each answer in two pieces. */
async function farEnd({ binds = {}, searches = {}, raw }: Answers = {}): Promise<number> {
  const codes = { binds: { 'service-secret': 0, '': 53, ...binds }, searches }
  const server = createServer(certificate, (socket) => {
    socket.on('error', () => {})
    if (raw !== undefined) return raw(socket)
    socket.on('data', (bytes: Buffer) => {
      const answer = answerTo(bytes, codes)
      socket.write(answer.subarray(0, 5))
      setImmediate(() => socket.write(answer.subarray(5)))
    })
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

function answerTo(bytes: Buffer, { binds, searches }: Required<Omit<Answers, 'raw'>>): Buffer {
  const [id, operation] = berValues(readBer(bytes, 4_096)?.content ?? Buffer.alloc(0))
  const fields = berValues(operation?.content ?? Buffer.alloc(0)).map(({ content }) => content.toString())
  const isBind = operation?.tag === 0x60
  const code = isBind ? (binds[fields[2] ?? ''] ?? 49) : (searches[fields[0] ?? ''] ?? 0)
  const result = [berNumber(0x0a, code), ber(0x04), ber(0x04, code === 0 ? '' : 'as the server says')]
  const number = berNumber(0x02, id === undefined ? 0 : numberOf(id))
  // An entry that was found comes before the end of the search.
  const entry = isBind ? [] : [ber(0x30, number, ber(0x64, ber(0x04, 'uid=x'), ber(0x30)))]
  return Buffer.concat([...entry, ber(0x30, number, ber(isBind ? 0x61 : 0x65, ...result))])
}

const check = (port: number, change: Partial<LdapDirectory> = {}, authority: string | undefined = ca.certificatePem) =>
  checkDirectory({ ...DIRECTORY, ...change }, { ca: authority, port })

test('a server that takes the service account and knows both bases can serve', async () => {
  expect(await check(await farEnd())).toBeUndefined()
})

test('a search that found more than it may return found something', async () => {
  expect(await check(await farEnd({ searches: { 'ou=people': 4, 'ou=groups': 4 } }))).toBeUndefined()
})

test.each([
  [
    'the wrong password',
    { binds: { 'service-secret': 49 } },
    /does not take the service account: LDAP result 49 \(as the/,
  ],
  [
    'an unknown base of users',
    { searches: { 'ou=people': 32 } },
    /does not know \[userBase\] ou=people: LDAP result 32/,
  ],
  ['a base of groups that is no name', { searches: { 'ou=groups': 34 } }, /does not know \[roleBase\] ou=groups/],
] as const)('%s is told, with the server, and without the password', async (_what, answers, says) => {
  const port = await farEnd(answers)
  const fault = await check(port)
  expect(fault?.kind).toBe('unusable')
  expect(fault?.reason).toMatch(says)
  expect(fault?.reason).toContain(`ldaps://127.0.0.1:${String(port)} `)
  expect(fault?.reason).not.toContain('service-secret')
})

test('a server that takes a name without a password is unsafe, also beside one that does not answer', async () => {
  const port = await farEnd({ binds: { '': 0 } })
  for (const hosts of [['127.0.0.1'], ['nobody.invalid', '127.0.0.1']]) {
    const fault = await check(port, { hosts })
    expect(fault?.kind).toBe('unsafe')
    expect(fault?.reason).toContain('anybody could log in as anybody')
  }
})

test('the second server is enough when the first does not answer; when none does, both reasons are told', async () => {
  expect(await check(await farEnd(), { hosts: ['nobody.invalid', '127.0.0.1'] })).toBeUndefined()
  const fault = await check(1, { hosts: ['nobody.invalid', '127.0.0.1'] })
  expect(fault?.reason).toMatch(
    /nobody\.invalid:1 cannot be asked: .*; ldaps:\/\/127\.0\.0\.1:1 cannot be asked: .*ECONNREFUSED/,
  )
})

test('a certificate of another authority is refused, and the setting that says whom to trust is named', async () => {
  const other = await openCertificateAuthority(join(scratch, 'other'))
  const fault = await check(await farEnd(), {}, other.certificatePem)
  expect(fault?.reason).toMatch(/certificate.*; the setting ldapCaFile/)
})

test('a certificate of another name is refused', async () => {
  const fault = await check(await farEnd(), { hosts: ['localhost'] })
  expect(fault?.reason).toMatch(/cannot be asked: .*(is not cert's CN|altnames|ECONNREFUSED)/)
})

test.each([
  ['closes at once', (socket: TLSSocket) => void socket.end(), /closed the connection|ECONNRESET|EPIPE/],
  ['answers no LDAP', (socket: TLSSocket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /cannot be asked/],
  [
    'answers without an end',
    (socket: TLSSocket) => void socket.write(Buffer.from('308400200000', 'hex')),
    /longer than/,
  ],
  [
    'says goodbye',
    (socket: TLSSocket) => void socket.write(Buffer.from('30080201007803020100', 'hex')),
    /ended the connection/,
  ],
])('a server that %s cannot serve, and that is told', async (_what, raw, says) => {
  const fault = await check(await farEnd({ raw }))
  expect(fault).toMatchObject({ kind: 'unusable', reason: expect.stringMatching(says) as string })
})

test.each([
  ['does not even greet', (_socket: TLSSocket) => {}],
  ['answers half of it', (socket: TLSSocket) => void socket.write(Buffer.from('3020', 'hex'))],
])('a server that %s is given up in time', async (_what, raw) => {
  const options = { ca: ca.certificatePem, port: await farEnd({ raw }), patienceMillis: 200 }
  expect((await checkDirectory(DIRECTORY, options))?.reason).toMatch(/did not answer within 0\.2 s$/)
})

import { inFile } from './in-file.ts'
import type { Mutant, TestRun } from './mutant.ts'

const GATEWAY = 'packages/server/src/gateway'
const unit = (...names: readonly string[]): TestRun => ({
  project: 'unit',
  files: names.map((name) => `${GATEWAY}/${name}.test.ts`),
})

/** The port: limits of connections, web pages, bad heads. */
export const TRANSPORT_MUTANTS: readonly Mutant[] = [
  ...inFile(`${GATEWAY}/body.ts`, unit('body'), [
    ['port: half a body is taken for all of it', "readableLength !== Number(headers['content-length'] ?? 0)", 'false'],
    ['port: a body that came with its head is not counted', 'budget.take(readableLength)', ''],
    ['port: of a body at hand only the first piece is taken', 'message.read(readableLength)', 'message.read()'],
  ]),
  {
    name: 'port: a silent connection is never cut',
    file: `${GATEWAY}/one-port.ts`,
    find: 'const patience = setTimeout(cutIt, millis)',
    replace: 'const patience = undefined',
    tests: unit('one-port'),
  },
  {
    name: 'port: a stalled handshake is never cut',
    file: `${GATEWAY}/one-port.ts`,
    find: "server.on('tlsClientError', (_error, socket) => cut(socket))",
    replace: "server.on('tlsClientError', () => {})",
    tests: unit('one-port'),
  },
  {
    name: 'port: silent connections have no bound',
    file: `${GATEWAY}/one-port.ts`,
    find: 'if (silent.size > limits.silent)',
    replace: 'if (silent.size > 1e9)',
    tests: unit('one-port'),
  },
  {
    name: 'port: old TLS is spoken',
    file: `${GATEWAY}/one-port.ts`,
    find: "minVersion: 'TLSv1.2',",
    replace: "minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0',",
    tests: unit('one-port'),
  },
  {
    name: 'port: slow heads and bodies are never cut',
    file: `${GATEWAY}/http.ts`,
    find: 'connectionsCheckingInterval: limits.checkMillis,',
    replace: 'connectionsCheckingInterval: 1e6,',
    tests: unit('unreadable'),
  },
  {
    name: 'port: connections have no bound',
    file: `${GATEWAY}/http.ts`,
    find: 'server.maxConnections = limits.connections',
    replace: '',
    tests: unit('one-port'),
  },
  {
    name: 'port: requests after a refused one are still read',
    file: `${GATEWAY}/exchange.ts`,
    find: 'if (peer.broken) return',
    replace: '',
    tests: unit('unreadable', 'exchange'),
  },
  {
    name: 'port: a refusal takes the place of an answer that is still to be given',
    file: `${GATEWAY}/unreadable.ts`,
    find: 'if (owed(peer) > 0) return',
    replace: '',
    tests: unit('unreadable'),
  },
  {
    name: 'port: an unread answer is kept for ever',
    file: `${GATEWAY}/send.ts`,
    find: 'response.socket.setTimeout(options.unreadMillis)',
    replace: 'response.socket.setTimeout(0)',
    tests: unit('exchange'),
  },
  {
    name: 'port: a client is told to continue before its length is judged',
    file: `${GATEWAY}/exchange.ts`,
    find: 'checkDeclaredLength(message, options.budget)',
    replace: '',
    tests: unit('exchange'),
  },
  {
    name: 'port: several hosts in one request',
    file: `${GATEWAY}/head.ts`,
    find: " || host.includes(',')",
    replace: '',
    tests: unit('unreadable'),
  },
  {
    name: 'port: any transfer coding is taken for chunked',
    file: `${GATEWAY}/head.ts`,
    find: "coding.toLowerCase() !== 'chunked'",
    replace: "!coding.toLowerCase().endsWith('chunked')",
    tests: unit('unreadable'),
  },
  {
    name: 'pages: a foreign origin is let in',
    file: `${GATEWAY}/cors.ts`,
    find: 'if (!isAllowed(origin, head, policy)) return { answer: REFUSED }',
    replace: '',
    tests: unit('cors'),
  },
  {
    name: 'pages: the header of testing calls is allowed',
    file: `${GATEWAY}/cors.ts`,
    find: ' && name !== NEVER_FOR_PAGES',
    replace: '',
    tests: unit('cors'),
  },
  {
    name: 'pages: images and forms of foreign pages are let in',
    file: `${GATEWAY}/cors.ts`,
    find: 'return isForeignRequest(head, policy) ? { answer: REFUSED } : undefined',
    replace: 'return undefined',
    tests: unit('cors'),
  },
]

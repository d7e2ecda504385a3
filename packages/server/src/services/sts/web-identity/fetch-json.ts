import { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

const PATIENCE_MILLIS = 5_000
const MOST_BYTES = 262_144
const MOST_CERTIFICATES = 10

/**
 * A JSON document over TLS. The server's certificate must be trusted by the system, or the SHA-1 of a certificate of its
 * chain must be one of `thumbprints` (hexadecimal, in lower case): so a provider of one's own works as well.
 * @throws Error in a sentence
 */
export function fetchJson(url: string, thumbprints: readonly string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, timeout: PATIENCE_MILLIS, agent: false as const }
    const call = request(url, options, (response) => {
      const socket = response.socket as TLSSocket
      if (!socket.authorized && !hasThumbprint(socket.getPeerCertificate(true), thumbprints)) {
        call.destroy(new Error(`the certificate of ${url} is neither trusted nor one of the provider's thumbprints`))
        return
      }
      readJson(response).then(resolve, reject)
    })
    call.on('timeout', () => call.destroy(new Error(`${url} did not answer within ${String(PATIENCE_MILLIS)} ms`)))
    call.on('error', reject)
    call.end()
  })
}

/**
 * Whether the certificate, or one above it, has one of the thumbprints. A step up counts only when the upper one really
 * signed the lower: anybody can send along the certificate of an authority.
 */
function hasThumbprint(peer: DetailedPeerCertificate, thumbprints: readonly string[]): boolean {
  let link: DetailedPeerCertificate | undefined = peer
  let below: X509Certificate | undefined
  for (let depth = 0; depth < MOST_CERTIFICATES && link?.raw !== undefined; depth++) {
    const certificate: X509Certificate = new X509Certificate(link.raw)
    if (below !== undefined && !below.verify(certificate.publicKey)) return false
    if (thumbprints.includes(certificate.fingerprint.replaceAll(':', '').toLowerCase())) return true
    below = certificate
    link = link.issuerCertificate === link ? undefined : link.issuerCertificate
  }
  return false
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  if (response.statusCode !== 200) throw new Error(`the provider answered ${String(response.statusCode)}`)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    const piece = chunk as Buffer
    bytes += piece.length
    if (bytes > MOST_BYTES) throw new Error(`the provider's answer is longer than ${String(MOST_BYTES)} bytes`)
    chunks.push(piece)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

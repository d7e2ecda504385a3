import { isIP } from 'node:net'

/** What clients put before the host of a streaming call, e.g. `streaming-localhost`. */
const STREAMING = /^stream(?:ing)?-/

/**
 * Whether a Host header names this platform: localhost and its sub-domains, an address, or the configured host.
 * A web page that points its own name at this machine (DNS rebinding) comes with a foreign one.
 */
export function isKnownHost(header: string | undefined, configured: string): boolean {
  if (header === undefined) return false
  const host = hostName(header).replace(STREAMING, '')
  return host === 'localhost' || host.endsWith('.localhost') || isIP(host) !== 0 || host === configured.toLowerCase()
}

function hostName(header: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(header)
  if (bracketed !== null) return bracketed[1] as string
  return header.replace(/:\d+$/, '').toLowerCase()
}

import { isIP } from 'node:net'

/** What clients put before the host of a streaming call, e.g. `streaming-localhost`. */
const STREAMING = /^stream(?:ing)?-/

/**
 * Whether a Host header names this platform: an address, localhost, the configured host, or a name below these two,
 * as S3's buckets have.
 * A web page that points its own name at this machine (DNS rebinding) comes with a foreign one.
 */
export function isKnownHost(header: string | undefined, configured: string): boolean {
  if (header === undefined) return false
  const host = hostName(header).replace(STREAMING, '')
  return isIP(host) !== 0 || isOrBelow(host, 'localhost') || isOrBelow(host, configured.toLowerCase())
}

/** The names of the platform beside `localhost`: the configured host, unless it is an address. */
export const ownHosts = (configured: string): readonly string[] =>
  isIP(configured) === 0 && configured !== 'localhost' ? [configured.toLowerCase()] : []

const isOrBelow = (host: string, name: string): boolean => host === name || host.endsWith(`.${name}`)

function hostName(header: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(header)
  if (bracketed !== null) return bracketed[1] as string
  return header.replace(/:\d+$/, '').toLowerCase()
}

/** Whether an address as the operating system gives it is one of this machine's own loopback addresses. */
export const isLoopbackAddress = (ip: string): boolean => ip === '::1' || (isIP(ip) === 4 && ip.startsWith('127.'))

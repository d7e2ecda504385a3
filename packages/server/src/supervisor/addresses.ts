import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join, relative } from 'node:path'
import { readIfThere, replaceFile } from '#kernel/files.ts'
import { keyedMutex } from '#supervisor/mutex.ts'
import { portsInUse } from '#supervisor/ports.ts'

/** Where a process listens and how clients reach it; the ports are in the order in which they were wanted. */
export interface Address {
  /** What to bind. */
  readonly host: string
  /** What clients are told: the same, unless every interface is bound. */
  readonly advertised: string
  readonly ports: readonly number[]
}

/** Gives each instance directory an address of its own, and the same one for as long as the directory exists. */
export interface Addresses {
  /** Must have been free when it was given first: all its ports are really bound. `taken` are the instance directories to keep clear of. */
  reserve(directory: string, ports: readonly number[], taken: () => Promise<readonly string[]>): Promise<Address>
}

const FILE = 'address.json'
const TRIES = 2_000

/**
 * An address of 127.0.0.0/8 for each instance, so that every one has the standard ports. The /16 is chosen by the data
 * directory, so that two platforms on one machine keep clear of each other. Linux answers on all of 127.0.0.0/8.
 */
export function loopbackAddresses(dataDirectory: string): Addresses {
  return stored((directory, ports, tried) => {
    const { network, start } = place(dataDirectory, directory)
    const index = (start + tried) % (256 * 254)
    const host = `127.${String(network)}.${String(Math.floor(index / 254))}.${String(1 + (index % 254))}`
    return { host, advertised: host, ports }
  })
}

/** Below the ports that Linux and macOS give to outgoing connections, so that a stored port is not lost to one of them. */
const FIRST_PORT = 20_000
const PORT_COUNT = 12_000

/** Ports of one given address, for machines whose loopback is 127.0.0.1 alone and for platforms that others reach over the network. */
export function allocatedPorts(dataDirectory: string, host: string): Addresses {
  const advertised = advertisedFor(host)
  return stored((directory, ports, tried) => {
    const blocks = Math.floor(PORT_COUNT / ports.length)
    const first = FIRST_PORT + ((place(dataDirectory, directory).start + tried) % blocks) * ports.length
    return { host, advertised, ports: ports.map((_, index) => first + index) }
  })
}

type Candidate = (directory: string, ports: readonly number[], tried: number) => Address

function stored(candidate: Candidate): Addresses {
  const exclusive = keyedMutex()
  return {
    reserve: (directory, ports, taken) =>
      exclusive('', async () => {
        const kept = await readAddress(directory)
        if (kept !== undefined) return kept
        const others = new Set<string>()
        for (const other of await taken()) keysOf(await readAddress(other)).forEach((key) => others.add(key))
        const address = await firstFree((tried) => candidate(directory, ports, tried), others)
        await mkdir(directory, { recursive: true, mode: 0o700 })
        await replaceFile(join(directory, FILE), `${JSON.stringify(address)}\n`)
        return address
      }),
  }
}

async function firstFree(candidate: (tried: number) => Address, others: ReadonlySet<string>): Promise<Address> {
  for (let tried = 0; tried < TRIES; tried++) {
    const address = candidate(tried)
    if (keysOf(address).some((key) => others.has(key))) continue
    if ((await portsInUse(address.host, address.ports)).length === 0) return address
  }
  throw new Error(
    `no free address was found for a broker after ${String(TRIES)} tries; end what listens on ${candidate(0).host} and its neighbours`,
  )
}

/** The address an instance has, if it has one. @throws Error when the file is damaged: guessing another would break its clients. */
export async function readAddress(directory: string): Promise<Address | undefined> {
  const text = await readIfThere(join(directory, FILE))
  if (text === undefined) return undefined
  try {
    return parseAddress(JSON.parse(text))
  } catch (error) {
    throw new Error(`${join(directory, FILE)} is damaged; restore it from a backup or delete the broker`, {
      cause: error,
    })
  }
}

function parseAddress(value: unknown): Address {
  const { host, advertised, ports } = value as Partial<Address>
  if (typeof host !== 'string' || typeof advertised !== 'string' || !Array.isArray(ports))
    throw new TypeError('not an address')
  return { host, advertised, ports: ports.map(Number) }
}

const keysOf = (address: Address | undefined): readonly string[] =>
  address === undefined ? [] : address.ports.map((port) => `${address.host}:${String(port)}`)

/** Where the search begins: spread by hash, so that hardly any address is tried twice. */
function place(dataDirectory: string, directory: string): { readonly network: number; readonly start: number } {
  const network = hash(dataDirectory).readUInt16BE(0)
  return { network: 1 + (network % 254), start: hash(relative(dataDirectory, directory)).readUInt32BE(0) }
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Clients cannot be told a wildcard: they are told the first address that the network knows this machine by. */
function advertisedFor(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host
  const addresses = Object.values(networkInterfaces()).flatMap((of) => of ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}

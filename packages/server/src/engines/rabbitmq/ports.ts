import type { BrokerAddress } from '#engines/broker-engine.ts'
import type { Address } from '#supervisor/addresses.ts'

/** AWS's console has the port of HTTPS, which only an administrator of the machine can open. */
const consolePort = (): number => (process.getuid?.() === 0 ? 443 : 15_671)

/** What clients reach: AMQP over TLS, and the console. */
export const clientPorts = (): readonly number[] => [5_671, consolePort()]

/** What the node and its port mapper talk through, on 127.0.0.1; the numbers are given out by address. */
export const INNER_PORTS: readonly number[] = [4_369, 25_672]

/** Two ports in the order in which they were wanted. @throws Error when there are fewer */
export function portsAt({ ports }: Address): readonly [number, number] {
  const [first, second] = ports
  if (first === undefined || second === undefined) throw new Error('a RabbitMQ broker needs two ports')
  return [first, second]
}

/** What clients are told, as AWS tells it: no port where it is that of HTTPS. */
export function rabbitmqAddress(address: Address): BrokerAddress {
  const [amqps, console] = portsAt(address)
  const host = address.advertised.includes(':') ? `[${address.advertised}]` : address.advertised
  return {
    ipAddress: address.advertised,
    endpoints: [`amqps://${host}:${String(amqps)}`],
    consoleUrl: console === 443 ? `https://${host}` : `https://${host}:${String(console)}`,
  }
}

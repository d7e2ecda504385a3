import type { BrokerAddress } from '#engines/broker-engine.ts'
import type { Address } from '#supervisor/addresses.ts'

/** One of the ports a broker listens on, as AWS has them. */
interface Listener {
  /** How the transport connector is named in the broker's logs. */
  readonly name: string
  /** URI scheme, of the connector and of the endpoint that clients are told. */
  readonly scheme: string
  readonly port: number
}

/** In the order of DescribeBroker's endpoints. */
const CONNECTORS: readonly Listener[] = [
  { name: 'openwire', scheme: 'ssl', port: 61617 },
  { name: 'amqp', scheme: 'amqp+ssl', port: 5671 },
  { name: 'stomp', scheme: 'stomp+ssl', port: 61614 },
  { name: 'mqtt', scheme: 'mqtt+ssl', port: 8883 },
  { name: 'wss', scheme: 'wss', port: 61619 },
]
const CONSOLE_PORT = 8162

/** All ports that an instance needs: the connectors', then the console's. */
export const BROKER_PORTS: readonly number[] = [...CONNECTORS.map(({ port }) => port), CONSOLE_PORT]

/** A port that the broker binds. */
export interface BoundListener {
  readonly name: string
  readonly scheme: string
  readonly host: string
  readonly port: number
}

/** The five connectors as bound at an address, in the order of DescribeBroker's endpoints. */
export const connectorsAt = ({ host, ports }: Address): readonly BoundListener[] =>
  CONNECTORS.map(({ name, scheme }, index) => ({ name, scheme, host, port: portAt(ports, index) }))

/** The web console's port at an address. */
export const consolePortAt = ({ ports }: Address): number => portAt(ports, CONNECTORS.length)

/** What clients are told. */
export const brokerAddress = (address: Address): BrokerAddress => ({
  ipAddress: address.advertised,
  endpoints: connectorsAt(address).map(
    ({ scheme, port }) => `${scheme}://${hostPart(address.advertised)}:${String(port)}`,
  ),
  consoleUrl: `https://${hostPart(address.advertised)}:${String(consolePortAt(address))}`,
})

/** An IPv6 address stands in brackets in a URL. */
export const hostPart = (host: string): string => (host.includes(':') ? `[${host}]` : host)

function portAt(ports: readonly number[], index: number): number {
  const port = ports[index]
  if (port === undefined)
    throw new Error(`a broker needs ${String(BROKER_PORTS.length)} ports, but its address has ${String(ports.length)}`)
  return port
}

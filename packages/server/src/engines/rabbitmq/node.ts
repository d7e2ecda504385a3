import type { RabbitmqLayout } from '#engines/rabbitmq/layout.ts'
import { portsAt } from '#engines/rabbitmq/ports.ts'
import type { Address } from '#supervisor/addresses.ts'

/** One node of a broker: its files, and the ports of 127.0.0.1 that are its own. */
export interface RabbitmqNode {
  readonly instance: number
  readonly layout: RabbitmqLayout
  /** A port for the port mapper, of which a broker has one, the first node's; and one at which the others reach the node. */
  readonly inner: Address
}

/** The port at which the other nodes reach it. */
export const distributionPort = ({ inner }: RabbitmqNode): number => portsAt(inner)[1]

/** What the others call it: the data of a node belongs to that name, so it stays. */
export const nodeName = (node: RabbitmqNode): string => `broker${String(distributionPort(node))}@localhost`

/** A size of broker as AWS sells it. */
export interface InstanceType {
  /** e.g. `mq.m5.large`. */
  readonly name: string
  readonly vcpus: number
  readonly memoryGib: number
  /** Heap of a broker that has such a machine for itself. */
  readonly heapMib: number
  /** Clients of each wire protocol at the same time. @source Amazon MQ quotas */
  readonly maximumConnections: number
  /** Of the message store. @source Amazon MQ quotas, data storage */
  readonly storageGib: number
}

const half = (name: string, vcpus: number, memoryGib: number): InstanceType => ({
  name,
  vcpus,
  memoryGib,
  // The other half is for the page cache, which the message store reads through.
  heapMib: memoryGib * 512,
  maximumConnections: memoryGib < 8 ? 300 : 2_000,
  storageGib: memoryGib < 8 ? 20 : 200,
})

/** @source Amazon MQ developer guide, instance types for ActiveMQ */
export const INSTANCE_TYPES: readonly InstanceType[] = [
  half('mq.t2.micro', 1, 1),
  half('mq.t3.micro', 2, 1),
  half('mq.m4.large', 2, 8),
  half('mq.m5.large', 2, 8),
  half('mq.m5.xlarge', 4, 16),
  half('mq.m5.2xlarge', 8, 32),
  half('mq.m5.4xlarge', 16, 64),
]

/** The names, as requests give them. */
export const instanceTypes: readonly string[] = INSTANCE_TYPES.map(({ name }) => name)

/** A sixteenth of AWS's size: many brokers share one machine here, and a large one then has 256 MiB. */
export const DEFAULT_HEAP_SCALE: number = 1 / 16
/** Below this a broker with its console spends its time collecting garbage. */
const LEAST_HEAP_MIB = 128

/** @throws Error when there is no such type */
export function instanceType(name: string): InstanceType {
  const type = INSTANCE_TYPES.find((candidate) => candidate.name === name)
  if (type !== undefined) return type
  throw new Error(`there is no instance type ${JSON.stringify(name)}; the types are ${instanceTypes.join(', ')}`)
}

/** Heap that a broker of this type really gets, in MiB. */
export const scaledHeapMib = ({ heapMib }: InstanceType, scale: number): number =>
  Math.max(LEAST_HEAP_MIB, Math.round(heapMib * scale))

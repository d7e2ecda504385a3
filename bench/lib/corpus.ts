/** A small repeatable generator, so that every run sees the same text (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Broker log lines in ActiveMQ's form with varying clients, queues and times; the same ones every time. */
export function corpus(lines: number): readonly string[] {
  const next = random(20_261_121)
  const pick = (limit: number): number => Math.floor(next() * limit)
  return Array.from({ length: lines }, (_, index) => {
    const time = new Date(1_780_000_000_000 + index * 37).toISOString().replace('T', ' ').replace('.', ',').slice(0, 23)
    const client = `tcp://10.${String(pick(20))}.${String(pick(256))}.${String(pick(256))}:${String(1_024 + pick(60_000))}`
    const queue = `queue://TEAM.${String(pick(40))}.ORDERS.${String(pick(500))}`
    const forms = [
      `${time} | INFO  | ${queue} purge of ${String(pick(10_000))} messages | org.apache.activemq.broker.jmx.QueueView | qtp${String(pick(2_000_000_000))}-${String(pick(90))}`,
      `${time} | WARN  | Security Error occurred on connection to: ${client}, User name [user${String(pick(300))}] or password is invalid. | org.apache.activemq.broker.TransportConnection.Service | ActiveMQ Transport: ssl:///${client.slice(6)}`,
      `${time} | WARN  | Transport Connection to: ${client} failed: java.io.EOFException | org.apache.activemq.broker.TransportConnection.Transport | ActiveMQ Transport: ssl:///${client.slice(6)}`,
      `${time} | INFO  | Stopping ${client} because Failed with SecurityException: User name [user${String(pick(300))}] or password is invalid. | org.apache.activemq.broker.TransportConnection | ActiveMQ BrokerService[orders] Task-${String(pick(40))}`,
    ]
    return forms[pick(forms.length)] as string
  })
}

import rhea from 'rhea'

/** A broker's AMQP endpoint and a user of it. */
export interface AmqpTarget {
  /** e.g. `amqp+ssl://127.17.0.1:5671`. */
  readonly endpoint: string
  readonly username: string
  readonly password: string
  readonly caPem: string
}

/** Longest wait for the broker to accept all messages, in milliseconds. */
const PATIENCE_MILLIS = 20_000

/** Sends messages to a queue over AMQP 1.0 and TLS; resolves when the broker has accepted every one. */
export async function sendMessages(target: AmqpTarget, queue: string, bodies: readonly string[]): Promise<void> {
  const url = new URL(target.endpoint)
  const container = rhea.create_container()
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the broker did not accept the messages within ${String(PATIENCE_MILLIS / 1_000)} s`)),
      PATIENCE_MILLIS,
    )
    let sent = 0
    let accepted = 0
    container.on('sendable', ({ sender }) => {
      if (sender === undefined) return
      for (; sent < bodies.length && sender.sendable(); sent += 1) sender.send({ body: bodies[sent], durable: true })
    })
    container.on('accepted', ({ connection }) => {
      accepted += 1
      if (accepted < bodies.length) return
      clearTimeout(timer)
      connection.close()
      resolve()
    })
    container.on('disconnected', ({ error }) => reject(error ?? new Error('the broker closed the connection')))
    container.on('connection_error', ({ connection }) => reject(new Error(String(connection.error))))
    const connection = container.connect({
      username: target.username,
      password: target.password,
      reconnect: false,
      transport: 'tls',
      host: url.hostname,
      port: Number(url.port),
      ca: target.caPem,
      // A host that is an address has no name to send; the certificate is checked against the address all the same.
      servername: '',
    })
    connection.open_sender(queue)
  })
}

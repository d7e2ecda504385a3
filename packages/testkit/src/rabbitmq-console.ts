import { existsSync } from 'node:fs'
import { request } from 'node:https'

/** RabbitMQ comes with the machine. Why there is none to test with; `undefined`: there is one. */
export const NO_RABBITMQ: string | undefined = existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server')
  ? undefined
  : 'the package rabbitmq-server is not installed'

export interface RabbitmqLogin {
  readonly consoleUrl: string
  readonly ca: string
  readonly username: string
  readonly password: string
}

export interface RabbitmqAnswer {
  readonly status: number
  readonly body: string
}

/** The management API of a RabbitMQ, as its console asks it; each question on a connection of its own. */
export interface RabbitmqConsole {
  ask(method: string, path: string, body?: object): Promise<RabbitmqAnswer>
  /** Resolves when the broker has the message for certain. @throws Error when it went to no queue */
  publish(queue: string, text: string): Promise<void>
  /** The first message of a queue, which stays there. @throws Error when there is none */
  peek(queue: string): Promise<string>
}

export function rabbitmqConsole({ consoleUrl, ca, username, password }: RabbitmqLogin): RabbitmqConsole {
  const { hostname, port } = new URL(consoleUrl)
  const ask: RabbitmqConsole['ask'] = (method, path, body) => {
    const sent = body === undefined ? '' : JSON.stringify(body)
    return new Promise((done, failed) => {
      const asked = request(
        {
          hostname,
          port: port === '' ? 443 : port,
          path,
          method,
          ca,
          auth: `${username}:${password}`,
          agent: false,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) },
        },
        (response) => {
          let text = ''
          response
            .setEncoding('utf8')
            .on('data', (more: string) => (text += more))
            .on('end', () => done({ status: response.statusCode ?? 0, body: text }))
            .on('error', failed)
        },
      )
      asked.on('error', failed).end(sent)
    })
  }
  return {
    ask,
    async publish(queue, text) {
      const { body } = await ask('POST', '/api/exchanges/%2F/amq.default/publish', {
        properties: { delivery_mode: 2 },
        routing_key: queue,
        payload: text,
        payload_encoding: 'string',
      })
      if (!body.includes('"routed":true')) throw new Error(`the message was not taken: ${body}`)
    },
    async peek(queue) {
      const { body } = await ask('POST', `/api/queues/%2F/${queue}/get`, {
        count: 1,
        ackmode: 'ack_requeue_true',
        encoding: 'auto',
      })
      const [message] = JSON.parse(body) as readonly { readonly payload?: string }[]
      if (message?.payload === undefined) throw new Error(`queue ${queue} has no message: ${body}`)
      return message.payload
    },
  }
}

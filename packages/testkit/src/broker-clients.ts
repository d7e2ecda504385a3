import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { connectAsync } from 'mqtt'
import type { MqttClient } from 'mqtt'
import rhea from 'rhea'
import stompit from 'stompit'

export interface Login {
  readonly username?: string
  readonly password?: string
}

const WAIT_MILLIS = 10_000

/** A TLS connection to an endpoint, verified against the authority and the address. */
export async function tlsTo(
  endpoint: string,
  ca: string,
  options: { readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2' } = {},
): Promise<TLSSocket> {
  const { hostname, port } = new URL(endpoint.replace(/^[a-z+]+:/, 'https:'))
  const socket = connectTls({
    host: hostname,
    // A URL leaves out the port of its scheme.
    port: port === '' ? 443 : Number(port),
    ca,
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
    ...options,
  })
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(WAIT_MILLIS) })
  return socket
}

/** The first bytes an OpenWire broker sends on its own: size, kind, then the word ActiveMQ. */
export async function openWireGreeting(endpoint: string, ca: string): Promise<string> {
  const socket = await tlsTo(endpoint, ca)
  const [bytes] = (await once(socket, 'data', { signal: AbortSignal.timeout(WAIT_MILLIS) })) as [Buffer]
  socket.destroy()
  return bytes.subarray(5, 13).toString('latin1')
}

/** Sends a text to a queue over STOMP and receives it again. @throws Error the broker's refusal */
export async function stompRoundTrip(
  endpoint: string,
  ca: string,
  login: Login,
  queue: string,
  text: string,
): Promise<string> {
  await stompSend(endpoint, ca, login, queue, text)
  return stompReceive(endpoint, ca, login, queue)
}

/** Sends a text to a queue; resolves when the broker has it for certain. @throws Error the broker's refusal */
export async function stompSend(
  endpoint: string,
  ca: string,
  login: Login,
  queue: string,
  text: string,
): Promise<void> {
  const client = await stompClient(endpoint, ca, login)
  const headers = { destination: `/queue/${queue}`, persistent: 'true', 'content-type': 'text/plain' }
  // Without a receipt the broker may still be storing the message when it has said goodbye.
  await new Promise<void>((onReceipt, onError) => {
    client.once('error', onError)
    client.send(headers, { onReceipt, onError }).end(text)
  })
  await goodbye(client)
}

export const stompReceive = (endpoint: string, ca: string, login: Login, queue: string): Promise<string> =>
  stompTake(endpoint, ca, login, queue, (client, message) => client.ack(message))

/** Takes every text of a queue, in its order, up to and with `last`. */
export async function stompTakeUntil(
  endpoint: string,
  ca: string,
  login: Login,
  queue: string,
  last: string,
): Promise<readonly string[]> {
  const client = await stompClient(endpoint, ca, login)
  const texts: string[] = []
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('error', reject)
      client.subscribe({ destination: `/queue/${queue}`, ack: 'auto' }, (error, message) => {
        if (error) return reject(error)
        message.readString('utf8', (failed, body = '') => {
          if (failed) return reject(failed)
          texts.push(body)
          if (body === last) resolve()
        })
      })
    })
    return texts
  } finally {
    await goodbye(client)
  }
}

/** Receives a text from a queue and tells the broker that it cannot be used. */
export const stompReject = (endpoint: string, ca: string, login: Login, queue: string): Promise<string> =>
  stompTake(endpoint, ca, login, queue, (client, message) => client.nack(message))

async function stompTake(
  endpoint: string,
  ca: string,
  login: Login,
  queue: string,
  answer: (client: stompit.Client, message: stompit.Client.Message) => void,
): Promise<string> {
  const client = await stompClient(endpoint, ca, login)
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`nothing arrived on ${queue}`)), WAIT_MILLIS).unref()
      client.subscribe({ destination: `/queue/${queue}`, ack: 'client-individual' }, (error, message) => {
        if (error) return reject(error)
        message.readString('utf8', (failed, body) => {
          if (failed) return reject(failed)
          answer(client, message)
          resolve(body ?? '')
        })
      })
    })
  } finally {
    await goodbye(client)
  }
}

const goodbye = (client: stompit.Client): Promise<void> =>
  new Promise((resolve, reject) => {
    client.disconnect((error) => {
      if (error) reject(error)
      else resolve()
    })
  })

function stompClient(endpoint: string, ca: string, { username, password }: Login): Promise<stompit.Client> {
  const { hostname, port } = new URL(endpoint.replace(/^[a-z+]+:/, 'https:'))
  const connectHeaders = {
    host: '/',
    ...(username === undefined ? {} : { login: username }),
    ...(password === undefined ? {} : { passcode: password }),
  }
  return new Promise((resolve, reject) => {
    stompit.connect({ host: hostname, port: Number(port), ssl: true, ca, connectHeaders }, (error, client) => {
      if (error) reject(error)
      else resolve(client)
    })
  })
}

/** Sends a text to a queue over AMQP 1.0 and receives it again. @throws Error the broker's refusal */
export function amqpRoundTrip(
  endpoint: string,
  ca: string,
  { username, password }: Login,
  queue: string,
  text: string,
): Promise<string> {
  const { hostname, port } = new URL(endpoint.replace(/^[a-z+]+:/, 'https:'))
  const container = rhea.create_container()
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      connection.close()
      settle()
    }
    container.on('connection_open', () => connection.open_sender(queue))
    container.on('sendable', ({ sender }) => {
      if (sender === undefined || sender.source === undefined) return
      container.removeAllListeners('sendable')
      sender.send({ body: text })
      connection.open_receiver(queue)
    })
    container.on('message', ({ message }) => end(() => resolve(String(message?.body))))
    for (const refusal of ['connection_error', 'disconnected', 'error'] as const) {
      container.on(refusal, ({ connection: refused, error }: rhea.EventContext) =>
        end(() => reject(new Error(`refused: ${JSON.stringify(refused?.error ?? error?.message ?? refusal)}`))),
      )
    }
    const connection = container.connect({
      transport: 'tls',
      host: hostname,
      port: Number(port),
      servername: '',
      ca,
      reconnect: false,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    })
    setTimeout(() => end(() => reject(new Error(`nothing arrived on ${queue}`))), WAIT_MILLIS).unref()
  })
}

/** Publishes a text over MQTT, plain or in a WebSocket, to a client that subscribed. @throws Error the broker's refusal */
export async function mqttRoundTrip(
  url: string,
  ca: string,
  login: Login,
  topic: string,
  text: string,
): Promise<string> {
  const client = await mqttClient(url, ca, login)
  try {
    await client.subscribeAsync(topic)
    const arrived = new Promise<string>((resolve, reject) => {
      client.once('message', (_, payload) => resolve(payload.toString('utf8')))
      setTimeout(() => reject(new Error(`nothing arrived on ${topic}`)), WAIT_MILLIS).unref()
    })
    await client.publishAsync(topic, text)
    return await arrived
  } finally {
    await client.endAsync(true)
  }
}

const mqttClient = (url: string, ca: string, login: Login): Promise<MqttClient> =>
  connectAsync(url, { ...login, ca, reconnectPeriod: 0, connectTimeout: WAIT_MILLIS, wsOptions: { ca } }, false)

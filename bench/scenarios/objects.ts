import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { startObjects } from '../lib/floor.ts'
import { withPlatform } from '../lib/platform.ts'
import { residentMegabytes } from '../lib/processes.ts'
import { type Row, type Scenario, count, ratio } from '../lib/scenario.ts'

const MEBIBYTE = 1_048_576
const PIECE = Buffer.alloc(MEBIBYTE, 'object bytes ')
/** What is stored: how large, how many at once, and how many in a round. */
const SIZES = [
  { name: '1 KiB', bytes: 1_024, connections: 16, objects: 800 },
  { name: '1 MiB', bytes: MEBIBYTE, connections: 8, objects: 64 },
  { name: '1 GiB', bytes: 1_024 * MEBIBYTE, connections: 1, objects: 1 },
] as const
const ROUNDS = 3
const BUCKET = 'bench'

type Size = (typeof SIZES)[number]
type UrlOf = (method: 'GET' | 'PUT', key: string) => Promise<string>

export const objects: Scenario = {
  name: 'objects',
  what: 'S3 objects stored and read, against the same bytes through node:http to a file with fdatasync and back',
  run: () =>
    withPlatform(async (platform) => {
      const floor = await startObjects()
      const s3 = client(platform.url)
      await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
      const signed = await presigner(s3, platform.url)
      const plain: UrlOf = (_method, key) => Promise.resolve(`${floor.url}/${key}`)
      const rows: Row[] = []
      for (const size of SIZES) rows.push(...(await compare(size, plain, signed)))
      const before = residentMegabytes(platform.pid)
      rows.push({ what: 'resident after all that', value: `${count(before)} MB` })
      rows.push({ what: 'most of it while 1 GiB came', value: `${count(await most(platform.pid, signed))} MB` })
      s3.destroy()
      await floor.stop()
      return rows
    }),
}

/** Rounds in turn, so that a change of the machine's speed meets both; the median of the pairs counts. */
async function compare(size: Size, plain: UrlOf, signed: UrlOf): Promise<readonly Row[]> {
  const pairs: { put: number; get: number; rate: number }[] = []
  const rounds = size.objects === 1 ? 1 : ROUNDS
  for (let round = 0; round < rounds; round += 1) {
    const least = await both(size, plain, round)
    const done = await both(size, signed, round)
    pairs.push({ put: least.put / done.put, get: least.get / done.get, rate: size.objects / done.put })
  }
  const middle = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.map(of).toSorted((a, b) => a - b)[Math.floor(pairs.length / 2)] ?? Number.NaN
  return [
    { what: `PUT of ${size.name}, of the floor`, value: ratio(middle(({ put }) => put)), goal: 'goal ≥ 0.6 ×' },
    { what: `GET of ${size.name}, of the floor`, value: ratio(middle(({ get }) => get)), goal: 'goal ≥ 0.6 ×' },
    { what: `PUT of ${size.name} a second`, value: middle(({ rate }) => rate).toFixed(1) },
  ]
}

/** Seconds that storing, and then reading, all objects of a round takes. */
async function both(size: Size, urlOf: UrlOf, round: number): Promise<{ readonly put: number; readonly get: number }> {
  const keys = Array.from(
    { length: size.objects },
    (_, n) => `${size.name.replace(' ', '-')}/${String(round)}/${String(n)}`,
  )
  const put = await timed(size, await Promise.all(keys.map((key) => urlOf('PUT', key))), 'PUT')
  const get = await timed(size, await Promise.all(keys.map((key) => urlOf('GET', key))), 'GET')
  return { put, get }
}

async function timed(size: Size, urls: readonly string[], method: 'GET' | 'PUT'): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: size.connections })
  const left = urls.values()
  const started = performance.now()
  const worker = async (): Promise<void> => {
    for (const url of left) await exchange(agent, url, method, size.bytes)
  }
  await Promise.all(Array.from({ length: size.connections }, worker))
  agent.destroy()
  return (performance.now() - started) / 1_000
}

function exchange(agent: Agent, url: string, method: 'GET' | 'PUT', bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = method === 'PUT' ? { 'content-length': bytes } : {}
    const message = request(url, { method, agent, headers }, (answer: IncomingMessage) => {
      let read = 0
      answer.on('data', (part: Buffer) => {
        read += part.length
      })
      answer.on('error', reject)
      answer.on('end', () => {
        const isWhole = method === 'PUT' || read === bytes
        if (answer.statusCode === 200 && isWhole) resolve()
        else reject(new Error(`${method} answered ${String(answer.statusCode)} with ${String(read)} bytes`))
      })
    })
    message.on('error', reject)
    if (method === 'GET') message.end()
    else void send(message, bytes)
  })
}

async function send(message: ReturnType<typeof request>, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= PIECE.length) {
    if (!message.write(left < PIECE.length ? PIECE.subarray(0, left) : PIECE))
      await new Promise((resolve) => message.once('drain', resolve))
  }
  message.end()
}

/** The most megabytes that the platform held while a large object came. */
async function most(pid: number, urlOf: UrlOf): Promise<number> {
  const [, , large] = SIZES
  let [largest, isOver] = [0, false]
  const watch = async (): Promise<void> => {
    while (!isOver) {
      largest = Math.max(largest, residentMegabytes(pid))
      await sleep(50)
    }
  }
  const watching = watch()
  await timed(large, [await urlOf('PUT', 'watched')], 'PUT')
  isOver = true
  await watching
  return largest
}

const client = (endpoint: string): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })

/** URLs that need no further signature, so that one client of ours speaks to both sides. */
async function presigner(s3: S3Client, endpoint: string): Promise<UrlOf> {
  const signer = (await s3.config.signer()) as unknown as {
    presign(request: object, options: object): Promise<{ readonly query: Readonly<Record<string, string>> }>
  }
  const { hostname, port, host } = new URL(endpoint)
  return async (method, key) => {
    const path = `/${BUCKET}/${key}`
    const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    const asked = { method, protocol: 'http:', hostname, port: Number(port), path, query: {}, headers }
    const { query } = await signer.presign(asked, { expiresIn: 3_600 })
    return `${endpoint}${path}?${new URLSearchParams(query).toString()}`
  }
}

import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { startObjects } from '../lib/floor.ts'
import { withPlatform } from '../lib/platform.ts'
import { cpuSeconds, residentMegabytes } from '../lib/processes.ts'
import { type Row, type Scenario, count, ratio } from '../lib/scenario.ts'

const MEBIBYTE = 1_048_576
const PIECE = Buffer.alloc(MEBIBYTE, 'object bytes ')
/** What is stored: how large, how many at once, how many in a round, and in how many rounds; the first of several warms up. */
const SIZES = [
  { name: '1 KiB', bytes: 1_024, connections: 16, objects: 2_000, rounds: 4 },
  { name: '1 MiB', bytes: MEBIBYTE, connections: 8, objects: 256, rounds: 4 },
  { name: '1 GiB', bytes: 1_024 * MEBIBYTE, connections: 1, objects: 1, rounds: 1 },
] as const
/** `BENCH_SIZES=KiB,MiB` leaves out what takes longest. */
const wanted = (process.env['BENCH_SIZES'] ?? 'KiB,MiB,GiB').split(',')
const BUCKET = 'bench'

type Size = (typeof SIZES)[number]
type Method = 'DELETE' | 'GET' | 'PUT'
type UrlOf = (method: Method, key: string) => Promise<string>

/** One that stores objects. */
interface Side {
  readonly pid: number
  readonly urlOf: UrlOf
}

/** What all objects of a round took, in seconds. */
interface Took {
  readonly wall: number
  /** Of the server alone. */
  readonly cpu: number
  /** Of the client, which is one thread: as much as `wall` means that it was what took the time. */
  readonly client: number
}

interface Sides {
  /** A file and fdatasync. */
  readonly floor: Side
  /** The same, and its name is synced. */
  readonly named: Side
  readonly ours: Side
}

export const objects: Scenario = {
  name: 'objects',
  what: 'S3 objects stored and read, against the same bytes through node:http to a file with fdatasync and back',
  run: () =>
    withPlatform(async (platform) => {
      const floor = await startObjects()
      const s3 = client(platform.url)
      await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
      const ours: Side = { pid: platform.pid, urlOf: await presigner(s3, platform.url) }
      const below = (path: string): Side => ({
        pid: floor.pid,
        urlOf: (_method, key) => Promise.resolve(`${floor.url}/${path}${key}`),
      })
      const sides: Sides = { floor: below(''), named: below('named/'), ours }
      const rows: Row[] = []
      for (const size of SIZES.filter(({ name }) => wanted.some((unit) => name.endsWith(unit))))
        rows.push(...(await compare(size, sides)))
      if (wanted.includes('GiB')) rows.push(...(await flatness(ours)))
      s3.destroy()
      await floor.stop()
      return rows
    }),
}

/** What is resident before the largest object, while it comes, and while it goes. */
async function flatness(side: Side): Promise<readonly Row[]> {
  const before = residentMegabytes(side.pid)
  const came = await most(side, 'PUT')
  const went = await most(side, 'GET')
  return [
    { what: 'resident after all that', value: `${count(before)} MB` },
    { what: 'most of it while 1 GiB came', value: `${count(came)} MB` },
    { what: 'most of it while 1 GiB went', value: `${count(went)} MB` },
  ]
}

/** Rounds in turn, so that a change of the machine's speed meets all sides; the median of the rounds counts. */
async function compare(size: Size, { floor, named, ours }: Sides): Promise<readonly Row[]> {
  const rounds: Readonly<
    Record<'put' | 'named' | 'putCpu' | 'putBusy' | 'get' | 'getCpu' | 'getBusy' | 'rate', number>
  >[] = []
  for (let round = 0; round < size.rounds; round += 1) {
    const least = await both(size, floor, round)
    const durable = await both(size, named, round)
    const done = await both(size, ours, round)
    rounds.push({
      put: least.put.wall / done.put.wall,
      named: durable.put.wall / done.put.wall,
      putCpu: done.put.cpu / least.put.cpu,
      putBusy: least.put.client / least.put.wall,
      get: least.get.wall / done.get.wall,
      getCpu: done.get.cpu / least.get.cpu,
      getBusy: least.get.client / least.get.wall,
      rate: size.objects / done.put.wall,
    })
  }
  const counted = rounds.slice(Math.min(1, rounds.length - 1))
  const middle = (of: keyof (typeof rounds)[number]): number =>
    counted.map((round) => round[of]).toSorted((a, b) => a - b)[Math.floor(counted.length / 2)] ?? Number.NaN
  const goal = 'goal ≥ 0.6 ×'
  return [
    { what: `PUT of ${size.name}, of the floor`, value: ratio(middle('put')), goal },
    { what: '… of a floor that syncs the name as well', value: ratio(middle('named')) },
    { what: "… CPU of the server, of the floor's", value: ratio(middle('putCpu')) },
    { what: '… of the time of the floor its client was busy', value: share(middle('putBusy')) },
    { what: '… a second', value: middle('rate').toFixed(1) },
    { what: `GET of ${size.name}, of the floor`, value: ratio(middle('get')), goal },
    { what: "… CPU of the server, of the floor's", value: ratio(middle('getCpu')) },
    { what: '… of the time of the floor its client was busy', value: share(middle('getBusy')) },
  ]
}

/** Where it is most of it, the client holds up the floor, and the ratio of CPU says more than that of time. */
const share = (value: number): string => `${count(value * 100)} %`

/** What storing, and then reading, all objects of a round takes. They are removed, so that rounds are alike and the disk is spared. */
async function both(size: Size, side: Side, round: number): Promise<{ readonly put: Took; readonly get: Took }> {
  const keys = Array.from(
    { length: size.objects },
    (_, n) => `${size.name.replace(' ', '-')}/${String(round)}/${String(n)}`,
  )
  const put = await timed(size, side, 'PUT', keys)
  const get = await timed(size, side, 'GET', keys)
  await timed(size, side, 'DELETE', keys)
  return { put, get }
}

async function timed(size: Size, { pid, urlOf }: Side, method: Method, keys: readonly string[]): Promise<Took> {
  const agent = new Agent({ keepAlive: true, maxSockets: size.connections })
  const urls = await Promise.all(keys.map((key) => urlOf(method, key)))
  const left = urls.values()
  const usedBefore = cpuSeconds(pid)
  const clientBefore = process.cpuUsage()
  const started = performance.now()
  const worker = async (): Promise<void> => {
    for (const url of left) await exchange(agent, url, method, size.bytes)
  }
  await Promise.all(Array.from({ length: size.connections }, worker))
  const wall = (performance.now() - started) / 1_000
  agent.destroy()
  const { user, system } = process.cpuUsage(clientBefore)
  return { wall, cpu: cpuSeconds(pid) - usedBefore, client: (user + system) / 1_000_000 }
}

function exchange(agent: Agent, url: string, method: Method, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = method === 'PUT' ? { 'content-length': bytes } : {}
    const message = request(url, { method, agent, headers }, (answer: IncomingMessage) => {
      let read = 0
      answer.on('data', (part: Buffer) => {
        read += part.length
      })
      answer.on('error', reject)
      answer.on('end', () => {
        const isWhole = method !== 'GET' || read === bytes
        if (answer.statusCode === (method === 'DELETE' ? 204 : 200) && isWhole) resolve()
        else reject(new Error(`${method} answered ${String(answer.statusCode)} with ${String(read)} bytes`))
      })
    })
    message.on('error', reject)
    if (method === 'PUT') void send(message, bytes)
    else message.end()
  })
}

async function send(message: ReturnType<typeof request>, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= PIECE.length) {
    if (!message.write(left < PIECE.length ? PIECE.subarray(0, left) : PIECE))
      await new Promise((resolve) => message.once('drain', resolve))
  }
  message.end()
}

/** The most megabytes that a server held while a large object came or went. */
async function most(side: Side, method: Method): Promise<number> {
  const [, , large] = SIZES
  let [largest, isOver] = [0, false]
  const watch = async (): Promise<void> => {
    while (!isOver) {
      largest = Math.max(largest, residentMegabytes(side.pid))
      await sleep(50)
    }
  }
  const watching = watch()
  await timed(large, side, method, ['watched'])
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

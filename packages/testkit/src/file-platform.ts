import { afterAll, beforeAll } from 'vitest'
import { type ClientIdentity, type Clients, clients } from './clients.ts'
import { type TestPlatform, type TestPlatformOptions, startTestPlatform, temporaryDirectory } from './platform.ts'

type StartOptions = Omit<TestPlatformOptions, 'data'>

/** The platform of a test file. A test that stops it starts it again for those after it. */
export interface FilePlatform extends TestPlatform {
  /** A directory beside its data, removed with them. */
  readonly scratch: string
  /** Starts it on the data that it left, as it was started before unless options say otherwise. */
  start(options?: StartOptions): Promise<void>
  /** The official clients; they follow the platform when it is started again. */
  clients(identity?: ClientIdentity): Clients
}

/** Starts a platform before the tests of the calling file; after them it is stopped and its data are removed. */
export function filePlatform(standard: StartOptions = {}): FilePlatform {
  const directory = temporaryDirectory()
  const data = `${directory.path}/data`
  let running: TestPlatform | undefined
  const current = (): TestPlatform => {
    if (running === undefined) throw new Error('the platform of this file has not been started yet')
    return running
  }
  const start = async (options: StartOptions = standard): Promise<void> => {
    running = await startTestPlatform({ ...options, data })
  }
  beforeAll(() => start())
  afterAll(async () => {
    await running?.stop()
    directory.remove()
  })
  return {
    data,
    scratch: directory.path,
    get url() {
      return current().url
    },
    get pid() {
      return current().pid
    },
    output: () => current().output(),
    stop: (signal) => current().stop(signal),
    kill: () => current().kill(),
    start,
    clients: (identity) => following(() => current().url, identity),
  }
}

/** Clients that are made anew when the address is another one. */
function following(url: () => string, identity: ClientIdentity | undefined): Clients {
  let made: { readonly url: string; readonly clients: Clients } | undefined
  return new Proxy({} as Clients, {
    get(_, service) {
      if (made?.url !== url()) made = { url: url(), clients: clients(url(), identity) }
      return Reflect.get(made.clients, service) as unknown
    },
  })
}

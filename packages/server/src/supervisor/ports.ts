import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Which of the ports cannot be listened on at `host` right now; empty when all can. Found by binding all of them at
 * the same time and letting go again.
 * @throws Error when the address itself cannot be used on this machine
 */
export async function portsInUse(host: string, ports: readonly number[]): Promise<readonly number[]> {
  const servers = ports.map(() => createServer())
  try {
    const errors = await Promise.all(
      servers.map(async (server, index): Promise<NodeJS.ErrnoException | undefined> => {
        try {
          await once(server.listen({ host, port: ports[index], exclusive: true }), 'listening')
          return undefined
        } catch (error) {
          return error as NodeJS.ErrnoException
        }
      }),
    )
    const unusable = errors.find((error) => error !== undefined && error.code !== 'EADDRINUSE')
    if (unusable !== undefined)
      throw new Error(`this machine cannot listen on ${host}: ${unusable.message}`, { cause: unusable })
    return ports.filter((_, index) => errors[index] !== undefined)
  } finally {
    await Promise.all(servers.filter(({ listening }) => listening).map((server) => once(server.close(), 'close')))
  }
}

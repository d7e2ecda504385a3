import { Command } from 'commander'
import type { Settings } from '@sluice/server/config'
import { VERSION } from '@sluice/server/version'
import { clientOptions, configOf, withConfigFlags } from '#cli/settings.ts'

const program = new Command('sluice')
  .description('Managed message brokers with their logs and their audit trail, on machines you own.')
  .version(VERSION)

withConfigFlags(program.command('start').description('run the platform in the foreground until a signal')).action(
  async (flags: Settings) => {
    const { start } = await import('#cli/commands/start.ts')
    await start(configOf(flags))
  },
)

withConfigFlags(program.command('stop').description('stop the platform and its brokers'))
  .option('--keep-brokers', 'leave brokers running; the next start adopts them')
  .action(async ({ keepBrokers, ...flags }: Settings) => {
    const { stop } = await import('#cli/commands/stop.ts')
    await stop(configOf(flags), { keepBrokers: keepBrokers === true })
  })

withConfigFlags(
  program.command('status').description('say whether the platform answers, and which brokers it has'),
).action(async (flags: Settings) => {
  const { status } = await import('#cli/commands/status.ts')
  const config = configOf(flags)
  await status(config, clientOptions(config))
})

withConfigFlags(program.command('demo').description('play the story: a real broker, its logs, its audit trail'))
  .option('--once', 'stop everything after the story instead of leaving it running')
  .action(async ({ once, ...flags }: Settings) => {
    const { demo } = await import('#cli/demo/demo.ts')
    await demo(configOf(flags), { once: once === true })
  })

withConfigFlags(program.command('env').description('print the shell lines that point AWS tools at the platform'))
  .option('--https', "use HTTPS, and trust the platform's certificate authority")
  .action(async ({ https, ...flags }: Settings) => {
    const { env, envHttps } = await import('#cli/commands/env.ts')
    const config = configOf(flags)
    const options = clientOptions(config)
    process.stdout.write(https === true ? envHttps(options, config.data) : env(options))
  })

withConfigFlags(
  program.command('ca').description("print the certificate of the platform's certificate authority (PEM)"),
).action(async (flags: Settings) => {
  const { ca } = await import('#cli/commands/ca.ts')
  process.stdout.write(await ca(clientOptions(configOf(flags)).endpoint))
})

withConfigFlags(
  program
    .command('why <broker>')
    .description("say why a broker's logs do or do not arrive, and what to do (id or name)"),
).action(async (broker: string, flags: Settings) => {
  const { why } = await import('#cli/commands/why.ts')
  await why(clientOptions(configOf(flags)), broker)
})

withConfigFlags(
  program
    .command('why-denied <request-id>')
    .description('say which statement of which policy denied a call, and what would allow it (x-amzn-requestid)'),
).action(async (requestId: string, flags: Settings) => {
  const { whyDenied } = await import('#cli/commands/why-denied.ts')
  await whyDenied(clientOptions(configOf(flags)), requestId)
})

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`sluice: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

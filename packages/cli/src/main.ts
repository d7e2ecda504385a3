import { Command, Option } from 'commander'
import type { Settings } from '@sluice/server/config'
import { VERSION } from '@sluice/server/version'
import { PRESETS } from '#cli/posture/presets.ts'
import { PLATFORM_ACCOUNT, clientOptions, configOf, operatorOptions, withConfigFlags } from '#cli/settings.ts'

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

withConfigFlags(
  program.command('posture').description('report what an auditor would ask about: logs, retention, exposure, alarms'),
)
  .addOption(
    new Option('--preset <name>', 'how long logs are to be kept')
      .choices(PRESETS.map(({ name }) => name))
      .default('general'),
  )
  .option('--fix', 'print the AWS CLI commands and the Terraform that mend it instead')
  .action(async ({ preset, fix, ...flags }: Settings) => {
    const { posture } = await import('#cli/commands/posture.ts')
    await posture(clientOptions(configOf(flags)), { preset: String(preset), fix: fix === true })
  })

withConfigFlags(
  program
    .command('logs')
    .description('log groups on this terminal')
    .command('tail <group>')
    .description('print the events of a log group (name or ARN)'),
)
  .option('--follow', 'go on with events as they arrive, until Ctrl-C')
  .option('--filter <pattern>', 'only events that match this filter pattern')
  .option('--since <when>', 'from when on: 30s, 10m, 2h, 1d, 1w, or a time like 2026-11-21T10:00Z', '10m')
  .action(async (group: string, { follow, filter, since, ...flags }: Settings) => {
    const { tailLogs } = await import('#cli/commands/logs/tail.ts')
    await tailLogs(clientOptions(configOf(flags)), {
      group,
      follow: follow === true,
      since: String(since),
      ...(typeof filter === 'string' ? { filter } : {}),
    })
  })

withConfigFlags(program.command('events').description('print who did what: the newest API calls, one a line'))
  .option('--follow', 'go on printing calls as they come')
  .option('--download <format>', 'print the whole event history of 90 days instead, as csv or json')
  .option('--by <attribute=value>', 'only calls with it: EventName, Username, ResourceName, EventSource, ReadOnly …')
  .option('--start <time>', 'not before this time, e.g. 2026-11-21T09:00:00Z')
  .option('--end <time>', 'not after this time')
  .option('--region <name>', 'whose calls', 'us-east-1')
  .action(async ({ follow, download, by, start, end, region, ...flags }: Settings) => {
    const { events, eventQuery } = await import('#cli/commands/events.ts')
    const { platformClient } = await import('#cli/platform-client.ts')
    const options = { ...clientOptions(configOf(flags)), region: String(region) }
    const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
    const query = eventQuery({ by: text(by), start: text(start), end: text(end) })
    const wanted = { follow: follow === true, download: text(download), accessKeyId: options.accessKeyId }
    for await (const piece of events(platformClient(options), query, wanted)) process.stdout.write(piece)
  })

const account = program.command('account').description('accounts side by side, with nothing in common')

withConfigFlags(account.command('create <id>').description('make an account (twelve digits) and print its root key'))
  .option('--name <name>', 'what people call it')
  .option('--access-key-id <id>', 'a root key of your own; its secret is read from standard input')
  .action(async (id: string, { name, accessKeyId, ...flags }: Settings) => {
    const { createAccount } = await import('#cli/commands/account.ts')
    const { platformClient } = await import('#cli/platform-client.ts')
    const { text } = await import('node:stream/consumers')
    const asked = {
      id,
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof accessKeyId === 'string' ? { accessKeyId } : {}),
    }
    const client = platformClient(operatorOptions(configOf(flags)))
    process.stdout.write(await createAccount(client, asked, () => text(process.stdin)))
  })

withConfigFlags(account.command('list').description('print the accounts')).action(async (flags: Settings) => {
  const { listAccounts } = await import('#cli/commands/account.ts')
  const { platformClient } = await import('#cli/platform-client.ts')
  process.stdout.write(await listAccounts(platformClient(operatorOptions(configOf(flags)))))
})

withConfigFlags(
  program.command('credentials').description('print credentials of an account, as an AWS credential_process does'),
)
  .option('--account <id>', 'whose root user', PLATFORM_ACCOUNT)
  .option('--profile <name>', 'print a profile for ~/.aws/config that runs this command instead')
  .option('--container', 'print the shell lines of container credentials instead')
  .action(async ({ account: id, profile, container, ...flags }: Settings) => {
    const { containerLines, credentialProcess, profileLines } = await import('#cli/commands/credentials.ts')
    const { platformClient } = await import('#cli/platform-client.ts')
    const options = operatorOptions(configOf(flags))
    const client = platformClient(options)
    if (typeof profile === 'string') process.stdout.write(profileLines(profile, String(id), options))
    else if (container === true) process.stdout.write(await containerLines(client, String(id), options))
    else process.stdout.write(await credentialProcess(client, String(id)))
  })

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`sluice: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

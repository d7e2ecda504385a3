// Runs a TypeScript entry point of this repository on the Node that the repository pins, whatever Node started us.
// Built-in modules only: this file is what a fresh clone starts with. It installs the dependencies when the lock
// file changed since the last install, then hands over to the pinned Node with the compile cache on.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const given = process.argv.slice(2)
// `--as-installed` runs on what is there: the tool that mends the lock file must run before npm ci accepts it.
const asInstalled = given[0] === '--as-installed'
const [entry, ...args] = asInstalled ? given.slice(1) : given
if (entry === undefined) fail('usage: node scripts/bootstrap.mjs <entry.ts> [arguments]')

if (!asInstalled) install()
const pinned = join(
  modules,
  `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  'bin',
  'node',
)
if (!existsSync(pinned)) {
  fail(
    `Sluice brings its own Node 26 as an npm package, but there is none for ${process.platform}-${process.arch}. ` +
      'It runs on linux and macOS, x64 and arm64; if this is one of them, delete node_modules and try again without --omit=optional.',
  )
}

const child = spawn(pinned, ['--disable-warning=ExperimentalWarning', join(root, entry), ...args], {
  stdio: 'inherit',
  env: { ...process.env, NODE_COMPILE_CACHE: join(modules, '.cache', 'node-compile') },
})
// The terminal sends Ctrl-C to the whole group, so the child hears it by itself; a SIGTERM to us alone is passed on.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
process.on('SIGHUP', () => child.kill('SIGHUP'))
child.on('error', (error) => fail(`could not run ${pinned}: ${error.message}`))
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(modules, '.sluice-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  process.stderr.write('Installing the dependencies (npm ci); the first time takes a minute or two …\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_/i.test(name) ||
        /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy|cafile)$/i.test(name),
    ),
  )
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
  })
  if (done.status !== 0)
    fail(
      'npm ci failed; its message is above. Check the network or your npm registry settings and run the command again.',
    )
  mkdirSync(modules, { recursive: true })
  writeFileSync(stamp, lock)
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

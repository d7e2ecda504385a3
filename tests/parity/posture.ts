import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

/** What the command line and the AWS CLI see of a platform, as the root user of its first account unless told otherwise. */
export function shellOf(url: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:SLUICE_|AWS_|NODE_OPTIONS$|FORCE_COLOR$)/.test(name))
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    NO_COLOR: '1',
    ...more,
  }
}

/** `sluice posture` as a shell runs it. @param data the platform's data directory */
export function runPosture(data: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const command = ['--disable-warning=ExperimentalWarning', MAIN, 'posture', '--data', data, ...args]
  return spawnSync(process.execPath, command, { encoding: 'utf8', env })
}

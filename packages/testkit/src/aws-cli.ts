import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** AWS CLI v1 comes from the Python registry into an environment of its own, once; v2 is used where somebody installed it. */
const VERSION = '1.46.2'
const environment = join(homedir(), '.cache', 'sluice', `awscli-${VERSION}`)

function installVersion1(): string {
  const program = join(environment, 'bin', 'aws')
  if (existsSync(program)) return program
  const steps = [
    ['python3', '-m', 'venv', environment],
    [join(environment, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', `awscli==${VERSION}`],
  ]
  for (const [command = '', ...args] of steps) {
    const done = spawnSync(command, args, { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${done.stderr}`)
  }
  return program
}

/** The `aws` of the system, when it is a version 2. */
function findVersion2(): string | undefined {
  const candidates = ['/usr/bin/aws', '/usr/local/bin/aws']
  return candidates.find(
    (program) =>
      existsSync(program) && /aws-cli\/2\./.test(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout),
  )
}

/** The versions of the AWS CLI that can be tried here, and how to get the path of each one's program. */
export const awsCliPrograms = (): readonly (readonly [version: string, find: () => string])[] => {
  const version2 = findVersion2()
  return [['version 1', installVersion1], ...(version2 === undefined ? [] : ([['version 2', () => version2]] as const))]
}

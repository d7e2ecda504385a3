import { execFile, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PROGRAM = 'terraform'
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/** A Terraform with its AWS provider, and where both came from. */
interface Found {
  /** Folder of a mirror of providers; `undefined`: Terraform is configured to find them itself. */
  readonly mirror: string | undefined
}

/** Terraform and its AWS provider, or in a sentence why there is none to test with. */
export function findTerraform(): Found | string {
  const { status, error } = spawnSync(PROGRAM, ['version'], { encoding: 'utf8' })
  if (error !== undefined || status !== 0) return 'terraform is not installed'
  if (existsSync(process.env['TF_CLI_CONFIG_FILE'] ?? '')) return { mirror: undefined }
  // A mirror is laid out as <host>/<namespace>/<provider>/<version>/<platform>; nothing is fetched in a test.
  const [provider] = globSync(['/opt/*/*/hashicorp/aws', '/usr/{local/,}share/terraform/plugins/*/hashicorp/aws'])
  if (provider === undefined)
    return 'no mirror with the AWS provider of Terraform was found; name one in TF_CLI_CONFIG_FILE'
  return { mirror: dirname(dirname(dirname(provider))) }
}

/** One working directory of Terraform whose AWS provider talks to a platform; nothing but its endpoint differs from AWS. */
export interface Terraform {
  /** Writes the whole configuration. */
  configure(text: string): void
  /** Runs a command and answers what it printed. @throws Error with its output when it fails */
  run(...args: readonly string[]): Promise<string>
  /** Whether a plan would change anything. */
  hasChanges(): Promise<boolean>
}

export function terraform({ mirror }: Found, directory: string, endpoint: string): Terraform {
  mkdirSync(directory, { recursive: true })
  const settings = join(directory, 'terraform.rc')
  if (mirror !== undefined) {
    writeFileSync(settings, `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`)
  }
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    TF_CLI_CONFIG_FILE: mirror === undefined ? process.env['TF_CLI_CONFIG_FILE'] : settings,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  }
  const command = async (args: readonly string[]): Promise<string> => {
    const { stdout } = await run(PROGRAM, [...args], { cwd: directory, env, maxBuffer: MAX_OUTPUT_BYTES })
    return stdout
  }
  return {
    configure: (text) => writeFileSync(join(directory, 'main.tf'), text),
    async run(...args) {
      try {
        return await command(args)
      } catch (error) {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
        throw new Error(`terraform ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error })
      }
    },
    async hasChanges() {
      try {
        await command(['plan', '-no-color', '-input=false', '-detailed-exitcode'])
        return false
      } catch (error) {
        if ((error as { code?: number }).code === 2) return true
        throw error
      }
    },
  }
}

import { type ClientOptions, platformClient } from '#cli/platform-client.ts'
import { readFacts } from '#cli/posture/facts.ts'
import { PRESETS } from '#cli/posture/presets.ts'
import { findingsOf, fixes, judge, report } from '#cli/posture/report.ts'

/**
 * Reports what an auditor would ask about, as the caller sees it. Exit code 1 when there is something to mend. With
 * `fix`, commands are printed instead, so that a shell can take them; nothing is changed.
 */
export async function posture(
  options: ClientOptions,
  { preset: name, fix }: { readonly preset: string; readonly fix: boolean },
): Promise<void> {
  const preset = PRESETS.find((each) => each.name === name)
  if (preset === undefined)
    throw new Error(`there is no preset ${name}; the presets are ${PRESETS.map((each) => each.name).join(', ')}`)
  const found = judge(await readFacts(platformClient(options), options.region), preset)
  process.stdout.write(fix ? fixes(found) : report(found, preset))
  if (findingsOf(found).length > 0) process.exitCode = 1
}

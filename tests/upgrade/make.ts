// Fills a data directory through the API and packs it: `node tests/upgrade/make.ts`. Run before a release that changes what
// is on the disk, so that the versions to come are tried on it. The platform is killed before the last events reach the
// column store, so a segment is left.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DATA_LAYOUT } from '@sluice/server/data-directory'
import { VERSION } from '@sluice/server/version'
import { clients } from '@sluice/testkit/clients.ts'
import { startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import { GROUP, INSERTED, MASKED, type Made, PROTECTED_GROUP, WAITING, fill, put } from './content.ts'

const target = join(import.meta.dirname, 'data', `layout-${String(DATA_LAYOUT)}-version-${VERSION}`)
const directory = temporaryDirectory()
const data = join(directory.path, 'data')
const platform = await startTestPlatform({ data })
const aws = clients(platform.url)

/** What of the log events is not in the column store yet. */
const segments = (): readonly string[] => readdirSync(join(data, 'journal/logs')).filter((name) => name !== 'version')
const made = await fill(platform.url, aws)
const firstEvent = Date.now()
await put(aws, GROUP, firstEvent, INSERTED)
await put(aws, PROTECTED_GROUP, firstEvent, [MASKED])
while (segments().length > 0) await sleep(100)
await put(aws, GROUP, firstEvent + INSERTED.length, WAITING)
await platform.kill()
if (segments().length === 0) throw new Error('the last events were inserted too soon; run it again')

// Its owner is gone.
rmSync(join(data, 'lock'), { force: true })
mkdirSync(target, { recursive: true })
const all: Made = { ...made, firstEvent }
writeFileSync(join(target, 'made.json'), `${JSON.stringify(all, null, 2)}\n`)
execFileSync('tar', ['-czf', join(target, 'data.tar.gz'), '--exclude', '*.sock', '-C', directory.path, 'data'])
directory.remove()
process.stdout.write(`${target}\n`)

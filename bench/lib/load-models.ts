// Prints how many milliseconds the models of all services take in a process that has none yet.
import { CATALOG, serviceModel } from '@sluice/wire'

const from = performance.now()
for (const service of Object.keys(CATALOG) as (keyof typeof CATALOG)[]) serviceModel(service)
process.stdout.write(String(performance.now() - from))

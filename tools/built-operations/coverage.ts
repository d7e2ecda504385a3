import { serviceModel } from '../../packages/wire/src/index.ts'
import { builtOperations } from './built.ts'
import { coverageText } from './table.ts'

/** docs/coverage.md as code and models make it. */
export function coverage(): string {
  const built = builtOperations()
  const services = Object.keys(built) as readonly (keyof typeof built)[]
  return coverageText(
    services.map((service) => {
      const { apiVersion, operations } = serviceModel(service)
      return { service, apiVersion, operations, built: built[service] }
    }),
  )
}

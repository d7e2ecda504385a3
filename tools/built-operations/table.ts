/** A service with all operations of its model and those of them that are built. */
export interface Coverage {
  /** Its name in the APIs, e.g. `mq`. */
  readonly service: string
  readonly apiVersion: string
  readonly operations: readonly string[]
  readonly built: ReadonlySet<string>
}

/** The text of docs/coverage.md. */
export function coverageText(services: readonly Coverage[]): string {
  const built = services.reduce((sum, service) => sum + service.built.size, 0)
  const all = services.reduce((sum, { operations }) => sum + operations.length, 0)
  return `# What is built

Generated from the services and the AWS service models by \`npm run generate\`; do not edit.

Sluice answers ${String(built)} of the ${String(all)} operations that the models of its ${String(services.length)} services have. Every other one answers
HTTP 501 \`NotImplemented\`, after its signature was verified, its input was read and its caller was found to be
allowed, and is recorded in CloudTrail. No operation answers success without doing its work. Where a built
operation differs from AWS, the README of its service says how.

| Service | API version | Built | In the model |
|---|---|---|---|
${services.map(summaryRow).join('\n')}
${services.map(section).join('')}`
}

const summaryRow = ({ service, apiVersion, operations, built }: Coverage): string =>
  `| [${service}](#${service}) | ${apiVersion} | ${String(built.size)} | ${String(operations.length)} |`

const section = ({ service, operations, built }: Coverage): string => `
## ${service}

${String(built.size)} of ${String(operations.length)}${built.size === 0 ? '' : `; differences from AWS are in [its README](../packages/server/src/services/${service}/README.md)`}.

| Operation | |
|---|---|
${operations
  .toSorted()
  .map((operation) => `| ${operation} | ${built.has(operation) ? 'built' : '501'} |`)
  .join('\n')}
`

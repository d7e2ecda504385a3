import type { ClientOptions } from '#cli/platform-client.ts'

/** Shell lines that point AWS tools at the platform: `eval "$(sluice env)"`. */
export const env = (options: ClientOptions): string =>
  [
    ['AWS_ENDPOINT_URL', options.endpoint],
    ['AWS_ACCESS_KEY_ID', options.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', options.secret],
    ['AWS_DEFAULT_REGION', options.region],
  ]
    .map(([name, value]) => `export ${name as string}=${quote(value as string)}\n`)
    .join('')

const quote = (text: string): string =>
  /^[\w:/.@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

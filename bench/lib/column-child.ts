import { request } from 'node:http'
import { join } from 'node:path'

/** Asks the column store of a platform directly, past the platform; the answer as bytes. */
export const askColumns = (data: string, sql: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const message = request(
      { socketPath: join(data, 'clickhouse/http.sock'), method: 'POST', path: '/' },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const answer = Buffer.concat(chunks)
          if (response.statusCode === 200) resolve(answer)
          else reject(new Error(answer.toString('utf8').slice(0, 500)))
        })
      },
    )
    message.on('error', reject)
    message.end(sql)
  })

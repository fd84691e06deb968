// Runs a module that exports `fetch`, as a worker's runtime does: node serve.mjs MODULE PORT
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'

const [, , module, port] = process.argv
const { default: worker } = await import(pathToFileURL(module))

createServer(async (request, response) => {
  const asked = new Request(`http://localhost:${port}${request.url}`, { headers: request.headers })
  const answer = await worker.fetch(asked, process.env)
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(Buffer.from(await answer.arrayBuffer()))
}).listen(Number(port), '127.0.0.1')

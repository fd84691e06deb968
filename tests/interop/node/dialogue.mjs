// What a program says to the test, and what a person at a browser answers: one line each.
import { createInterface } from 'node:readline'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

export const said = JSON.parse(process.env.SAID)

export function say(step, value) {
  console.log(JSON.stringify({ step, ...value }))
}

/** Sends the person there; returns the address at which they come back. */
export async function visit(address) {
  say('visit', { address: String(address) })
  return new URL((await lines.next()).value)
}

export function done() {
  process.exit(0)
}

-- The key set, as every relying party fetches it.
require "report"

function init()
  ask = wrk.format("GET", os.getenv("BENCH_JWKS"))
end

function request()
  return ask
end

response = one('"keys"')

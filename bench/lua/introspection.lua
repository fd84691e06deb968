-- RFC 7662 section 2: who guards a resource asks what an access token is worth.
require "report"

function init()
  ask = wrk.format("POST", os.getenv("BENCH_INTROSPECTION"), {
    ["Authorization"] = os.getenv("BENCH_ARCHIVE"),
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }, os.getenv("BENCH_INTROSPECT"))
end

function request()
  return ask
end

response = one('"active":true')

-- OpenID Connect Core section 5.3: the same token, as often as the service likes.
require "report"

function init()
  ask = wrk.format("GET", os.getenv("BENCH_USERINFO"), {
    ["Authorization"] = "Bearer " .. os.getenv("BENCH_ACCESS"),
  })
end

function request()
  return ask
end

response = one('"email"')

-- RFC 6749 section 4.4: a service asks for an access token of its own (JWT, ES256).
require "report"

function init()
  ask = wrk.format("POST", os.getenv("BENCH_TOKEN"), {
    ["Authorization"] = os.getenv("BENCH_MACHINE"),
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }, os.getenv("BENCH_MACHINE_ASKS"))
end

function request()
  return ask
end

response = one('"access_token"')

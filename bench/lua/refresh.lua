-- RFC 6749 section 6: new tokens for a refresh token that stays; an ID token is among them.
require "report"

function init()
  ask = wrk.format("POST", os.getenv("BENCH_TOKEN"), {
    ["Authorization"] = os.getenv("BENCH_OFFLINE"),
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }, os.getenv("BENCH_REFRESH"))
end

function request()
  return ask
end

response = one('"id_token"')

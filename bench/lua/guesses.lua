-- Wrong passwords of people who do not exist, each once: all of them cost a whole Argon2id.
require "report"

local number = 100000000000 + math.floor(os.time() % 1000000) * 100000

function init()
  headers = {
    ["Cookie"] = os.getenv("BENCH_FLOW"),
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }
end

function request()
  number = number + 1
  local body = os.getenv("BENCH_GUESS") .. "&identifier=" .. string.format("%d", number)
  return wrk.format("POST", "/sign-in", headers, body)
end

function response(status, _, body)
  if status == 400 or status == 503 then
    finished = finished + 1
  else
    fault(status, body)
  end
end

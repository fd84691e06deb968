-- Session and consent exist: authorize answers with a code, token with tokens, userinfo with values.
-- Whatever has come farthest goes on first, so what is under way stays small.
require "report"

local codes, tokens = {}, {}
local token_path, userinfo_path = os.getenv("BENCH_TOKEN"), os.getenv("BENCH_USERINFO")
local redeem, as_client = os.getenv("BENCH_REDEEM"), os.getenv("BENCH_CLIENT")
local form = "application/x-www-form-urlencoded"

function init()
  authorize = wrk.format("GET", os.getenv("BENCH_AUTHORIZE"), { ["Cookie"] = os.getenv("BENCH_COOKIE") })
end

function request()
  local token = table.remove(tokens)
  if token then
    return wrk.format("GET", userinfo_path, { ["Authorization"] = "Bearer " .. token })
  end
  local code = table.remove(codes)
  if code then
    local headers = { ["Authorization"] = as_client, ["Content-Type"] = form }
    return wrk.format("POST", token_path, headers, redeem .. code)
  end
  return authorize
end

function response(status, headers, body)
  if status == 302 or status == 303 then
    local where = headers["Location"] or headers["location"] or ""
    local code = where:match("[?&]code=([^&]+)")
    if code then table.insert(codes, code) else fault(status, where) end
    return
  end
  local token = body:match('"access_token":%s*"([^"]+)"')
  if status == 200 and token and body:find('"id_token"', 1, true) then
    table.insert(tokens, token)
  elseif status == 200 and body:find('"email"', 1, true) and body:find('"family_name"', 1, true) then
    finished = finished + 1
  else
    fault(status, body)
  end
end

-- What every relying party reads first. OpenID Connect Discovery section 4.
require "report"

function init()
  ask = wrk.format("GET", "/.well-known/openid-configuration")
end

function request()
  return ask
end

response = one('"issuer"')

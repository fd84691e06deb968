-- What every load script says at its end: one line of JSON.
local threads = {}
finished, faults, first_fault = 0, 0, ""

function setup(thread)
  table.insert(threads, thread)
end

function fault(status, body)
  faults = faults + 1
  if first_fault == "" then
    first_fault = (status .. " " .. body):sub(1, 300)
  end
end

function done(summary, latency)
  local completed, wrong, said = 0, 0, ""
  for _, thread in ipairs(threads) do
    completed = completed + thread:get("finished")
    wrong = wrong + thread:get("faults")
    if said == "" then said = thread:get("first_fault") end
  end
  local errors = summary.errors
  wrong = wrong + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '\n{"finished": %d, "faults": %d, "said": %q, "seconds": %f, "p50": %d, "p99": %d}\n',
    completed, wrong, said:gsub("[%c\"\\]", " "), summary.duration / 1e6, latency:percentile(50), latency:percentile(99)))
end

-- For the scripts that ask one thing only.
function one(expected)
  return function(status, _, body)
    if status == 200 and body:find(expected, 1, true) then
      finished = finished + 1
    else
      fault(status, body)
    end
  end
end

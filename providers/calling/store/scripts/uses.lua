-- ARGV: prefix, slices of a window, buckets (JSON). Answers per bucket {own units, surplus, ms of the surplus, number,
-- weight, number, weight, ...}: how many calls leave in which slice of the window; where calls are counted together, how
-- many units; of a calendar, in how many ms.
local SLICES = tonumber(ARGV[2])

local function add(slices, number, weight)
  slices[#slices + 1] = number
  slices[#slices + 1] = weight
end

local function entry_slice(bucket, at)
  local age = at - (now - bucket.span)
  return bucket.ends and age or math.min(math.ceil(age * SLICES / bucket.span), SLICES)
end

local function lumps(bucket, slices)
  local entries, sums, numbers = redis.call('ZRANGE', log_of(bucket), 0, -1, 'WITHSCORES'), {}, {}
  for i = 1, #entries, 2 do
    local number = entry_slice(bucket, tonumber(entries[i + 1]))
    if not sums[number] then
      numbers[#numbers + 1] = number
    end
    sums[number] = (sums[number] or 0) + (tonumber(redis.call('HGET', amounts_of(bucket), entries[i])) or 0)
  end
  for _, number in ipairs(numbers) do
    add(slices, number, sums[number])
  end
end

local function calls(bucket, slices)
  local edge, after = now - bucket.span, now - bucket.span
  for number = 1, SLICES do
    local upto = edge + math.floor(number * bucket.span / SLICES)
    local top = number == SLICES and '+inf' or string.format('%.0f', upto)
    local count = redis.call('ZCOUNT', log_of(bucket), string.format('(%.0f', after), top)
    if count > 0 then
      add(slices, number, count)
    end
    after = upto
  end
end

local answers = {}
for i, bucket in ipairs(cjson.decode(ARGV[3])) do
  trim(bucket)
  local surplus, surplus_ms = surplus_of(bucket)
  answers[i] = {used(bucket), surplus, surplus_ms}
  if bucket.grain or bucket.ends then
    lumps(bucket, answers[i])
  elseif used(bucket) > 0 then
    calls(bucket, answers[i])
  end
end
return answers

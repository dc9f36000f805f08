-- KEYS: log and amounts per bucket. ARGV: four per bucket. Answers the units used in each one's current window.
local now, answer = server_ms(), {}
for i = 1, #KEYS / 2 do
  local bucket = read_bucket(2 * i - 1, 4 * i - 3)
  trim(bucket, now)
  answer[i] = used(bucket)
end
return answer

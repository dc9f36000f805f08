-- ARGV: prefix, buckets (JSON). Answers the units counted in each one's current window.
local answer = {}
for i, bucket in ipairs(cjson.decode(ARGV[2])) do
  trim(bucket)
  answer[i] = used(bucket) + surplus_of(bucket)
end
return answer

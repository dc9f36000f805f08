-- Who goes first where several wait for the same room: the more urgent call.

-- Of an op whose scope has room: whether a more urgent call waits there. One look for all scopes where nobody waits, nor
-- did lately; else `seen.is_shared`.
local function outranked(op, seen)
  local names, worst = {}, nil
  for _, scope in ipairs(op.is_test and {} or op.scopes) do
    for urgency = op.urgency, RULES.most_urgent do
      names[#names + 1] = waiting(scope, urgency)
    end
    names[#names + 1] = there(scope, op.urgency)
  end
  if #names == 0 or redis.call('EXISTS', unpack(names)) == 0 then
    return nil
  end
  seen.is_shared = true
  for i, scope in ipairs(op.scopes) do
    for urgency = op.urgency + 1, RULES.most_urgent do
      if is_anyone_waiting(scope, urgency) then
        seen.lacks[scope] = true
        worst = longer(worst, 'outranked', RULES.give_way, i)
      end
    end
  end
  return worst
end

-- A test holds nobody up, and who is told a longer wait than his patience goes elsewhere.
local function note_waiting(op, seen, wait)
  if op.is_test or wait > op.patience then
    return
  end
  local waits_for = math.min(RULES.waits_for, op.patience)
  for scope in pairs(seen.lacks) do
    local calls = calls_waiting(scope, op)
    redis.call('ZREMRANGEBYSCORE', calls, '-inf', now)
    redis.call('ZADD', calls, now + waits_for, op.id)
    redis.call('PEXPIRE', calls, RULES.waits_for)
    note_party(scope, op)
    redis.call('PEXPIRE', waiting(scope, op.urgency), RULES.waits_for)
    come(scope, op)
  end
end

local function note_served(op, seen)
  for _, scope in ipairs(seen.is_shared and op.scopes or {}) do
    note_given(scope, op)
    if redis.call('ZREM', calls_waiting(scope, op), op.id) == 1 then
      note_party(scope, op)
    end
  end
end

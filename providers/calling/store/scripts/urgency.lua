-- Who goes first where several wait for the same room: the more urgent call.

-- Of an op that has room everywhere: whether a more urgent call waits at one of its owners. One look for all of them
-- where nobody waits, nor did lately; else `seen.is_shared`.
local function outranked(op, seen)
  local names, worst = {}, nil
  for _, owner in ipairs(op.is_test and {} or op.owners) do
    for urgency = op.urgency, RULES.most_urgent do
      names[#names + 1] = waiting(owner, urgency)
    end
    names[#names + 1] = there(owner, op.urgency)
  end
  if #names == 0 or redis.call('EXISTS', unpack(names)) == 0 then
    return nil
  end
  seen.is_shared = true
  for i, owner in ipairs(op.owners) do
    for urgency = op.urgency + 1, RULES.most_urgent do
      if is_anyone_waiting(owner, urgency) then
        seen.lacks[owner] = true
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
  for owner in pairs(waited_for(op, seen)) do
    local calls = calls_waiting(owner, op)
    redis.call('ZREMRANGEBYSCORE', calls, '-inf', now)
    redis.call('ZADD', calls, now + waits_for, op.id)
    redis.call('PEXPIRE', calls, RULES.waits_for)
    note_party(owner, op)
    redis.call('PEXPIRE', waiting(owner, op.urgency), RULES.waits_for)
    come(owner, op)
  end
end

local function note_served(op, seen)
  for _, owner in ipairs(seen.is_shared and op.owners or {}) do
    note_given(owner, op)
    if redis.call('ZREM', calls_waiting(owner, op), op.id) == 1 then
      note_party(owner, op)
    end
  end
end

-- Even shares of an owner's room for the parties (batches) of one urgency, counted from when somebody had to wait there until
-- nobody asked for a while. A new party starts with the one that was given most, and who was away is not further behind it
-- than the credit.

-- A sorted set: party -> calls that it was given, reckoned from where it started.
local function given(owner, urgency)
  return key('given', owner .. ':' .. urgency)
end

-- A sorted set: party -> until when it is there.
local function there(owner, urgency)
  return key('there', owner .. ':' .. urgency)
end

local function forget_who_left(owner, urgency)
  local gone = redis.call('ZRANGEBYSCORE', there(owner, urgency), '-inf', now)
  if #gone > 0 then
    redis.call('ZREM', given(owner, urgency), unpack(gone))
    redis.call('ZREM', there(owner, urgency), unpack(gone))
  end
end

local function come(owner, op)
  if op.party == '' then
    return
  end
  local shares, parties = given(owner, op.urgency), there(owner, op.urgency)
  forget_who_left(owner, op.urgency)
  local most = tonumber(redis.call('ZREVRANGE', shares, 0, 0, 'WITHSCORES')[2]) or 0
  local mine = tonumber(redis.call('ZSCORE', shares, op.party))
  redis.call('ZADD', shares, mine and math.max(mine, most - RULES.credit) or most, op.party)
  redis.call('ZADD', parties, now + RULES.known_for, op.party)
  redis.call('PEXPIRE', shares, RULES.known_for)
  redis.call('PEXPIRE', parties, RULES.known_for)
end

local function note_given(owner, op)
  forget_who_left(owner, op.urgency)
  if op.party ~= '' and redis.call('EXISTS', there(owner, op.urgency)) == 1 then
    come(owner, op)
    redis.call('ZINCRBY', given(owner, op.urgency), 1, op.party)
  end
end

-- Whether a party waits that was given so many calls less.
local function is_ahead(owner, op)
  forget_who_left(owner, op.urgency)
  local mine = tonumber(redis.call('ZSCORE', given(owner, op.urgency), op.party))
  if not mine then
    return false
  end
  local behind = redis.call('ZRANGEBYSCORE', given(owner, op.urgency), '-inf', '(' .. mine - RULES.lead)
  if #behind == 0 then
    return false
  end
  for _, ends in ipairs(redis.call('ZMSCORE', waiting(owner, op.urgency), unpack(behind))) do
    if ends and tonumber(ends) > now then
      return true
    end
  end
  return false
end

-- Of an op that has room everywhere, and before which no more urgent call waits.
local function over_share(op, seen)
  local worst
  if not seen.is_shared or op.party == '' then
    return worst
  end
  for i, owner in ipairs(op.owners) do
    if is_ahead(owner, op) then
      seen.lacks[owner] = true
      worst = longer(worst, 'over_share', RULES.give_way, i)
    end
  end
  return worst
end

-- What a vendor's "wait" means: for how long, and for one model or for the whole account.

-- Hold the scope. Milliseconds to wait: the vendor's word, and more where refusals go on. Of calls that were under way
-- together the first counts.
local function strike(scope, hold, sent_at)
  local name = key('hold', scope)
  local state = redis.call('HMGET', name, 'until', 'strikes', 'since')
  local held_until, strikes, since = tonumber(state[1]) or 0, tonumber(state[2]) or 0, tonumber(state[3]) or 0
  if strikes == 0 or sent_at > since then
    strikes, since = strikes + 1, now
  end
  local wait = hold.ms
  if wait < 0 or strikes > 1 then
    wait = math.max(wait, math.min(hold.first * 2 ^ (strikes - 1), RULES.longest_hold))
  end
  redis.call('HSET', name, 'strikes', strikes, 'since', since)
  if wait > 0 and now + wait > held_until then
    held_until = now + wait
    redis.call('HSET', name, 'until', held_until, 'reason', hold.reason)
  end
  redis.call('PEXPIRE', name, math.max(held_until - now, 0) + RULES.remembered)
  return wait
end

-- Whose limit it is, where that is not known: the model's, until another model of the account is refused as well with
-- no good answer between them.
local function hold_back(op, sent_at)
  local hold, account = op.hold, op.hold.account
  if account == '' then
    strike(hold.scope, hold, sent_at)
    return hold.scope
  end
  if redis.call('GET', key('limits', account)) == 'account' then
    strike(account, hold, sent_at)
    return account
  end
  local wait = strike(hold.scope, hold, sent_at)
  local name = key('doubt', account)
  local doubt = redis.call('HMGET', name, 'scope', 'until')
  local rest = (tonumber(doubt[2]) or 0) - now
  if doubt[1] and doubt[1] ~= hold.scope and rest > 0 then
    redis.call('DEL', name)
    redis.call('SET', key('limits', account), 'account', 'PX', RULES.account_known_for)
    strike(account, {ms = math.min(wait, rest), first = hold.first, reason = hold.reason}, sent_at)
    return account
  end
  if wait > 0 then
    redis.call('HSETNX', name, 'since', now)
    redis.call('HSET', name, 'scope', hold.scope, 'until', now + wait)
    redis.call('PEXPIRE', name, wait)
  end
  return hold.scope
end

-- A good answer: no refusals go on there, and a model that was refused before it left was refused for itself.
local function relent(op, sent_at)
  for _, scope in ipairs(op.scopes) do
    if (tonumber(redis.call('HGET', key('hold', scope), 'until')) or 0) <= now then
      redis.call('DEL', key('hold', scope))
    end
  end
  local name = key('doubt', op.scopes[1] or '')
  local doubt = redis.call('HMGET', name, 'scope', 'since')
  if doubt[1] and doubt[1] ~= op.scopes[2] and sent_at >= tonumber(doubt[2]) then
    redis.call('DEL', name)
    redis.call('SET', key('limits', op.scopes[1]), 'model', 'PX', RULES.model_known_for)
  end
end

-- Whether it must be found out first if the whole account is full; `is_out`: a call is finding out.
local function doubt_of(op)
  if op.account == '' or op.is_test then
    return false, false
  end
  local doubt = redis.call('HMGET', key('doubt', op.account), 'scope', 'until', 'probe', 'probe_until')
  local is_open = doubt[1] and doubt[1] ~= op.scopes[2] and tonumber(doubt[2]) > now
  if not is_open or redis.call('GET', key('limits', op.account)) == 'model' then
    return false, false
  end
  return true, doubt[3] and doubt[3] ~= op.id and tonumber(doubt[4]) > now
end

local function leave_doubt(op)
  local name = key('doubt', op.account or '')
  if redis.call('HGET', name, 'probe') == op.id then
    redis.call('HDEL', name, 'probe', 'probe_until')
  end
end

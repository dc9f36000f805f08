-- KEYS: breakers of all scopes, then their holds.
-- Answers per scope {ms suspended, is half-open, failures, kind, reason, ms held, hold's reason}.
local scopes, now, states = #KEYS / 2, server_ms(), {}
for i = 1, scopes do
  local breaker = redis.call('HMGET', KEYS[i], 'open_until', 'failures', 'kind', 'reason')
  local hold = redis.call('HMGET', KEYS[scopes + i], 'until', 'reason')
  local open_until = tonumber(breaker[1]) or 0
  local held_ms = math.max((tonumber(hold[1]) or 0) - now, 0)
  states[i] = {
    math.max(open_until - now, 0), (open_until > 0 and open_until <= now) and 1 or 0,
    tonumber(breaker[2]) or 0, breaker[3] or '', breaker[4] or '',
    held_ms, held_ms > 0 and hold[2] or '',
  }
end
return states

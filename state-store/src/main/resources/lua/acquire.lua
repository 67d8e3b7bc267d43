-- Makes the caller the owner of a partition: from now on only its epoch may append.
-- Refused when somebody else became the owner since the caller looked: of two that want it at once, one gets it, and
-- an owner that was replaced does not get it back by merely trying again.
-- KEYS: head, log.  ARGV: member, epoch that the member saw.
-- Returns: epoch of the caller, last version, id of the last log entry.
local head = redis.call('HMGET', KEYS[1], 'epoch', 'version', 'owner')
local before = head[1] or '0'
if head[3] ~= ARGV[1] and before ~= ARGV[2] then
  return redis.error_reply('FENCED epoch is ' .. before .. ' of ' .. tostring(head[3]) .. ', not ' .. ARGV[2])
end
local epoch = tonumber(before) + 1
local version = head[2] or '0'
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
redis.call('HSET', KEYS[1], 'epoch', epoch, 'version', version, 'owner', ARGV[1])
return {epoch, version, last[1] and last[1][1] or '0-0'}

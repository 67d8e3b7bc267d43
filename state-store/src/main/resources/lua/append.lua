-- Appends one commit to a partition log, if the caller still owns the partition and has seen all of the log.
-- KEYS: head, log.  ARGV: epoch, last version the caller knows, last version of the commit, body.
-- Redis writes the effects of a script to its file as one unit: the head never disagrees with the log.
local head = redis.call('HMGET', KEYS[1], 'epoch', 'version')
if head[1] ~= ARGV[1] then
  return redis.error_reply('FENCED epoch is ' .. tostring(head[1]) .. ', not ' .. ARGV[1])
end
if head[2] ~= ARGV[2] then
  return redis.error_reply('BEHIND version is ' .. tostring(head[2]) .. ', not ' .. ARGV[2])
end
redis.call('XADD', KEYS[2], ARGV[3] .. '-0', 'e', ARGV[1], 'b', ARGV[4])
redis.call('HSET', KEYS[1], 'version', ARGV[3])
return ARGV[3]

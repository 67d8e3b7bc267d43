-- Lets go of the oldest entries of a partition log, if the caller still owns the partition.
-- Whole nodes of the stream only, and so many at once that nobody has to wait for it.
-- KEYS: head, log.  ARGV: epoch, lowest entry id that stays.  Returns: how many entries went.
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch ~= ARGV[1] then
  return redis.error_reply('FENCED epoch is ' .. tostring(epoch) .. ', not ' .. ARGV[1])
end
return redis.call('XTRIM', KEYS[2], 'MINID', '~', ARGV[2], 'LIMIT', 5000)

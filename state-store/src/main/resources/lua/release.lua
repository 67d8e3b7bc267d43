-- Gives a partition up in order: whoever is next may take it at once. Nothing happens if the caller does not own it.
-- KEYS: head.  ARGV: member.  Returns: 1 when it was given up.
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then
  return 0
end
-- The epoch grows, so that nothing of the old owner that is still on its way can be appended.
redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HSET', KEYS[1], 'owner', '')
return 1

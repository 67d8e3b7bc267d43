-- Makes the caller the owner of a partition: from now on only its epoch may append.
-- KEYS: head, log.  Returns: epoch of the caller, epoch before, last version, id of the last log entry.
local before = tonumber(redis.call('HGET', KEYS[1], 'epoch') or '0')
local version = redis.call('HGET', KEYS[1], 'version') or '0'
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
redis.call('HSET', KEYS[1], 'epoch', before + 1, 'version', version)
return {before + 1, before, version, last[1] and last[1][1] or '0-0'}

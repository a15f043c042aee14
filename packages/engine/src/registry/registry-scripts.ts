/**
 * The registry's steps, each atomic in Redis. Keys, behind the prefix: `zones`, a set; `gateways:<zone>`, a sorted set of nodes by
 * the share of their capacity that is taken; `gateway:<node>`, a hash of what it reported last, which expires with its report;
 * `reserved:<node>`, a sorted set of reservations by the moment at which they lapse.
 *
 * The keys are made inside and not declared, because which ones are read depends on what is found. Redis asks that of its
 * cluster mode only, which has no use here: one primary holds all of this in a few kilobytes.
 */

/** What all scripts begin with. The clock is the server's: those of the nodes need not agree. */
const COMMON = `
local prefix, ttl = ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function gateways(zone) return prefix .. ':gateways:' .. zone end
local function gateway(node) return prefix .. ':gateway:' .. node end
local function reserved(node) return prefix .. ':reserved:' .. node end
local zones = prefix .. ':zones'
local function shareOf(taken, capacity)
  if capacity <= 0 then return 1 end
  return taken / capacity
end
`

/**
 * ARGV: prefix, ttl, node, zone, url, capacity, connections, cpu or nothing. Those who came since the last report are taken to be those for whom
 * places were reserved first. The other reservations stay until they lapse: a report in the midst of a burst must not make a
 * gateway look empty whose clients are still on their way to it.
 */
export const REPORT = `${COMMON}
local node, zone, url, capacity, connections = ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
local last = redis.call('HMGET', gateway(node), 'zone', 'connections')
if last[1] and last[1] ~= zone then redis.call('ZREM', gateways(last[1]), node) end
if last[2] then
  local came = connections - tonumber(last[2])
  if came > 0 then redis.call('ZPOPMIN', reserved(node), came) end
  redis.call('ZREMRANGEBYSCORE', reserved(node), '-inf', now)
else
  redis.call('DEL', reserved(node))
end
redis.call('HSET', gateway(node), 'zone', zone, 'url', url, 'capacity', capacity, 'connections', connections, 'cpu', ARGV[8])
redis.call('PEXPIRE', gateway(node), ttl)
redis.call('ZADD', gateways(zone), shareOf(connections + redis.call('ZCARD', reserved(node)), capacity), node)
redis.call('SADD', zones, zone)
return 1
`

/** ARGV: prefix, ttl, zone or nothing, url to avoid or nothing. Gives the gateway's url and zone, or nil. */
export const ASSIGN = `${COMMON}
local function best(zone, msLeft, avoid)
  local at = 0
  while true do
    local node = redis.call('ZRANGE', gateways(zone), at, at)[1]
    if not node then break end
    local told = redis.call('HMGET', gateway(node), 'zone', 'url', 'capacity', 'connections')
    if told[1] ~= zone then
      redis.call('ZREM', gateways(zone), node)
    else
      redis.call('ZREMRANGEBYSCORE', reserved(node), '-inf', now)
      local taken, capacity = tonumber(told[4]) + redis.call('ZCARD', reserved(node)), tonumber(told[3])
      if taken < capacity and told[2] ~= avoid and redis.call('PTTL', gateway(node)) >= msLeft then
        return { node = node, zone = zone, url = told[2], taken = taken, capacity = capacity, share = shareOf(taken, capacity) }
      end
      at = at + 1
    end
  end
  if at == 0 then redis.call('SREM', zones, zone) end
  return nil
end

local function choose(msLeft, avoid)
  local chosen = nil
  if ARGV[3] ~= '' then chosen = best(ARGV[3], msLeft, avoid) end
  if chosen then return chosen end
  for _, zone in ipairs(redis.call('SMEMBERS', zones)) do
    local found = best(zone, msLeft, avoid)
    if found and (not chosen or found.share < chosen.share) then chosen = found end
  end
  return chosen
end

local chosen = choose(ttl / 2, ARGV[4]) or choose(0, ARGV[4])
if not chosen and ARGV[4] ~= '' then chosen = choose(0, '') end
if not chosen then return nil end
redis.call('ZADD', reserved(chosen.node), now + ttl, redis.call('INCR', prefix .. ':reservations'))
redis.call('PEXPIRE', reserved(chosen.node), ttl)
redis.call('ZADD', gateways(chosen.zone), shareOf(chosen.taken + 1, chosen.capacity), chosen.node)
return { chosen.url, chosen.zone }
`

/** ARGV: prefix, ttl, node. */
export const REMOVE = `${COMMON}
local node = ARGV[3]
local zone = redis.call('HGET', gateway(node), 'zone')
if zone then redis.call('ZREM', gateways(zone), node) end
redis.call('DEL', gateway(node), reserved(node))
return 1
`

/** ARGV: prefix, ttl. Gives node, zone, url, capacity, connections and cpu of each that lives. */
export const LIST = `${COMMON}
local living = {}
for _, zone in ipairs(redis.call('SMEMBERS', zones)) do
  for _, node in ipairs(redis.call('ZRANGE', gateways(zone), 0, -1)) do
    local told = redis.call('HMGET', gateway(node), 'zone', 'url', 'capacity', 'connections', 'cpu')
    if told[1] == zone then table.insert(living, { node, zone, told[2], told[3], told[4], told[5] }) end
  end
end
return living
`

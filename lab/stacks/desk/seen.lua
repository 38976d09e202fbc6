for each = 1, 400000 do redis.call('SET', 'seen:' .. each, each) end

-- The metrics that grow fastest with the users in the last commit, and how fast they grew in the one before: the slope of ln(level)
-- on ln(users) over all runs of a commit, both phases, three different numbers of users at least. 1 is in proportion; what
-- grows by less than a tenth of that is left out.
with commits as (
    select "commit", row_number() over (order by max(run) desc) as back
    from history where "commit" is not null group by "commit"
),
level as (
    select back, "commit", service, metric, unnest([users, steady_users]) as users, unnest([overload, steady]) as value
    from history join commits using ("commit") where back <= 2
),
slope as (
    select back, "commit", service, metric, count(distinct users) as loads, count(*) as points,
           regr_slope(ln(value), ln(users)) as elasticity, regr_r2(ln(value), ln(users)) as r2
    from level
    where value > 0 and users > 0
    group by back, "commit", service, metric
    having count(distinct users) >= 3
)
select now."commit", now.service, now.metric, now.loads, now.points, now.elasticity, now.r2, before.elasticity as elasticity_before
from slope as now left join slope as before on before.metric = now.metric and before.back = 2
where now.back = 1 and now.r2 >= 0.5 and now.elasticity >= 0.1
order by now.elasticity desc, now.metric;

-- Metrics whose level under load left, in the last run, the band of the 20 runs of the same tags before it: beyond their median
-- by more than three median deviations (at least 5 % of the median, so that a metric that rests is not held to its last digit).
-- Five earlier runs at least. TAGS is a part of the tags.
with runs as (
    select tags, run, row_number() over (partition by tags order by run desc) as back
    from (select distinct tags, run from history where contains(tags, coalesce(getvariable('TAGS'), '')))
),
last as (
    select tags, run, "commit", service, metric, overload
    from history join runs using (tags, run)
    where back = 1 and overload is not null
),
band as (
    select tags, metric, count(*) as runs, median(overload) as middle, mad(overload) as spread
    from history join runs using (tags, run)
    where back between 2 and 21 and overload is not null
    group by tags, metric
    having count(*) >= 5
)
select tags, run, "commit", service, metric, runs, middle as before, overload as now,
       100 * (overload - middle) / nullif(abs(middle), 0) as pct_change,
       abs(overload - middle) / greatest(1.4826 * spread, 0.05 * abs(middle), 1e-300) as deviations
from last join band using (tags, metric)
where abs(overload - middle) > 3 * greatest(1.4826 * spread, 0.05 * abs(middle))
order by deviations desc, tags, metric;

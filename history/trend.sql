-- How suspect each service was, run by run: its highest score, and by which metric. SERVICE names one; TAGS a part of the tags.
select run, tags, "commit", users, service,
       max(score) as score, arg_max(metric, score) as metric, arg_max(pct_change, score) as pct_change, arg_max(z, score) as z
from history
where score is not null and service is not null
  and service = coalesce(nullif(getvariable('SERVICE'), ''), service)
  and contains(tags, coalesce(getvariable('TAGS'), ''))
group by run, tags, "commit", users, service
order by service, tags, run;

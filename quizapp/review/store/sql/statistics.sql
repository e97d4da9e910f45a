-- One integer per review that stands, as the index `log_facts` keeps it; from the highest bit:
-- card 21, day since 2020-01-01 15, rating - 1 2, state before 2, interval before of three weeks or more 1,
-- predicted recall in 1023rds 10 (0: none), seconds 12.
-- name: facts
select json_group_array(
    (card << 42)
    | (max(0, min(day - 737425, 32767)) << 27)
    | ((rating - 1) << 25)
    | (before << 23)
    | ((scheduled >= 21) << 22)
    | (cast(coalesce(max(predicted * 1023, 1), 0) as integer) << 12)
    | cast(min(seconds, 4095) as integer)
)
from log indexed by log_facts
where kind = 1 and id not in (select entry from undone);

-- name: names
select id, name from cards where reps > 0;

-- name: dues
select json_group_array(due) from cards
where state > 0 and present = 1 and suspended = 0 and waiting = 0 and due < ?;

-- name: hardest
select name, reps, lapses, difficulty from cards
where lapses > 0 and present = 1
order by lapses desc, difficulty desc, name limit ?;

-- name: mistakes
select l.family, count(*) - count(u.entry) from log l left join undone u on u.entry = l.id
where l.family is not null
group by l.family
order by 2 desc, 1 limit ?;

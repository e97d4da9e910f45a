-- name: days
select key / 2, key % 2, sum(reviews), sum(learned), sum(recalled), sum(milliseconds) from parts where of = 1
group by key having sum(reviews) > 0 order by key;

-- name: predictions
select key / 1000.0, sum(reviews), sum(recalled) from parts where of = 2 group by key having sum(reviews) > 0
order by key;

-- name: seconds
select key, sum(reviews) from parts where of = 3 group by key having sum(reviews) > 0 order by key;

-- Every attempt, and each review from before the first attempt: an imported log has no attempts. Without any attempt,
-- the sums are enough.
-- name: mistakes
with first (entry) as (
    select id from log where at >= (select at from attempts order by id limit 1) order by id limit 1)
select key, sum(attempts), sum(reviews) from (
    select family as key, count(*) as attempts, 0 as reviews from attempts where family is not null group by family
    union all
    select key, case when exists (select 1 from attempts) then 0 else sum(reviews) end, sum(reviews)
    from parts where of = 4 group by key
    union all
    select family, count(*), 0 from log
    where exists (select 1 from attempts) and id < coalesce((select entry from first), 9223372036854775807)
        and kind = 1 and family is not null and id not in (select entry from undone)
    group by family)
group by key having sum(attempts) > 0;

-- name: pending
select coalesce(max(id), 0) - (select upto from summed) from log;

-- name: update sums
insert into sums (of, key, reviews, new, learned, recalled, milliseconds)
select of, key, count(*), sum(new), sum(learned), sum(recalled), sum(milliseconds) from shares
where entry > (select upto from summed) and entry not in (select entry from undone)
group by of, key
on conflict (of, key) do update set reviews = reviews + excluded.reviews, new = new + excluded.new,
    learned = learned + excluded.learned, recalled = recalled + excluded.recalled,
    milliseconds = milliseconds + excluded.milliseconds;

-- name: mark summed
update summed set upto = (select coalesce(max(id), 0) from log);

-- name: decks
select c.deck, sum(p.reviews), sum(p.learned), sum(p.recalled), sum(p.milliseconds)
from parts p join cards c on c.id = p.key where p.of = 5
group by c.deck having sum(p.reviews) > 0 order by c.deck;

-- name: cards
select c.name, p.learned, p.recalled from parts p join cards c on c.id = p.key where p.of = 5 and p.learned != 0;

-- name: dues
select due, count(*) from cards
where state > 0 and present = 1 and suspended = 0 and waiting = 0 and due < ?
group by due;

-- name: hardest
select name, reps, lapses, difficulty from cards
where lapses > 0 and present = 1
order by lapses desc, difficulty desc, name limit ?;

-- name: slowest
select c.name, sum(p.reviews), sum(p.milliseconds) / 1000.0 / sum(p.reviews) as seconds
from parts p join cards c on c.id = p.key where p.of = 5 and c.present = 1
group by p.key having sum(p.reviews) > 0
order by seconds desc, c.name limit ?;

-- name: delete sums
delete from sums;

-- name: recompute sums
insert into sums (of, key, reviews, new, learned, recalled, milliseconds)
select of, key, count(*), sum(new), sum(learned), sum(recalled), sum(milliseconds) from shares
where entry not in (select entry from undone)
group by of, key;

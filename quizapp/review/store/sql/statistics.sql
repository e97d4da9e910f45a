-- name: days
select key / 2, key % 2, reviews, learned, recalled, milliseconds from sums where of = 1 and reviews > 0 order by key;

-- name: predictions
select key / 1000.0, sum(reviews), sum(recalled) from parts where of = 2 group by key having sum(reviews) > 0
order by key;

-- name: seconds
select key, sum(reviews) from parts where of = 3 group by key having sum(reviews) > 0 order by key;

-- name: mistakes
select key, sum(reviews) from parts where of = 4 group by key having sum(reviews) > 0
order by sum(reviews) desc, key limit ?;

-- name: pending
select coalesce(max(id), 0) - (select upto from summed) from log;

-- name: sum up
insert into sums (of, key, reviews, new, learned, recalled, milliseconds)
select of, key, count(*), sum(new), sum(learned), sum(recalled), sum(milliseconds) from shares
where of > 1 and entry > (select upto from summed) and entry not in (select entry from undone)
group by of, key
on conflict (of, key) do update set reviews = reviews + excluded.reviews, new = new + excluded.new,
    learned = learned + excluded.learned, recalled = recalled + excluded.recalled,
    milliseconds = milliseconds + excluded.milliseconds;

-- name: summed up
update summed set upto = (select coalesce(max(id), 0) from log);

-- name: decks
select deck, sum(reviews), sum(learned), sum(recalled), sum(milliseconds) from cards
where reviews > 0 group by deck order by deck;

-- name: cards
select name, learned, recalled from cards where learned > 0;

-- name: dues
select due, count(*) from cards
where state > 0 and present = 1 and suspended = 0 and waiting = 0 and due < ?
group by due;

-- name: hardest
select name, reps, lapses, difficulty from cards
where lapses > 0 and present = 1
order by lapses desc, difficulty desc, name limit ?;

-- name: slowest
select name, reviews, milliseconds / 1000.0 / reviews as seconds from cards
where reviews > 0 and present = 1
order by seconds desc, name limit ?;

-- name: clear sums
delete from sums;

-- name: sum anew
insert into sums (of, key, reviews, new, learned, recalled, milliseconds)
select of, key, count(*), sum(new), sum(learned), sum(recalled), sum(milliseconds) from shares
where entry not in (select entry from undone)
group by of, key;

-- name: sum cards anew
update cards set (reviews, learned, recalled, milliseconds) = (
    select count(*), coalesce(sum(f.learned), 0), coalesce(sum(f.recalled), 0), coalesce(sum(f.milliseconds), 0)
    from facts f where f.card = cards.id and f.entry not in (select entry from undone));

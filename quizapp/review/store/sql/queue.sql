-- name: due
select name, note from cards
where state = 2 and present = 1 and suspended = 0 and waiting = 0 and due < :end
    and buried <= :today and rested <= :today
    and (:decks is null or deck in (select value from json_each(:decks)))
order by due, place;

-- name: retrievability
select name, note from cards
where state = 2 and present = 1 and suspended = 0 and waiting = 0 and due < :end
    and buried <= :today and rested <= :today
    and (:decks is null or deck in (select value from json_each(:decks)))
order by (:today - last_day) / stability desc, place;

-- name: random
select name, note from cards
where state = 2 and present = 1 and suspended = 0 and waiting = 0 and due < :end
    and buried <= :today and rested <= :today
    and (:decks is null or deck in (select value from json_each(:decks)))
order by ((id + :today) * 2654435761) % 4294967291;

-- name: deck
select name, note from cards
where state = 2 and present = 1 and suspended = 0 and waiting = 0 and due < :end
    and buried <= :today and rested <= :today
    and (:decks is null or deck in (select value from json_each(:decks)))
order by place;

-- name: learning
select name, due from cards
where state in (1, 3) and present = 1 and suspended = 0 and waiting = 0 and due < :end
    and buried <= :today
    and (:decks is null or deck in (select value from json_each(:decks)))
order by due;

-- name: new
select name, note from cards
where state = 0 and present = 1 and suspended = 0 and waiting = 0
    and buried <= :today and rested <= :today
    and (:decks is null or deck in (select value from json_each(:decks)))
    and not exists (
        select 1 from prerequisites p join cards f on f.id = p.first where p.card = cards.id and f.state < 2)
order by place;

-- name: count due
select t.deck, (
    select count(*) from cards c
    where c.deck = t.deck and c.state > 0 and c.present = 1 and c.suspended = 0 and c.waiting = 0
        and c.due < :end and c.buried <= :today and c.rested <= :today)
from tallies t;

-- name: count hidden
select deck, sum(state = 0 and (suspended or waiting or buried > :today or rested > :today)),
    sum(waiting), sum(suspended)
from cards
where present = 1 and (suspended = 1 or waiting = 1 or buried > 0 or rested > 0)
group by deck;

-- name: count locked
select c.deck, count(distinct c.id) from prerequisites p
    join cards c on c.id = p.card join cards f on f.id = p.first
where c.state = 0 and f.state < 2 and c.present = 1 and c.suspended = 0 and c.waiting = 0
    and c.buried <= :today and c.rested <= :today
group by c.deck;

-- name: tallies
select deck, total, learned from tallies where total > 0;

-- name: next due
select min(due) from (
    select min(due) as due from cards where state = 2 and present = 1 and suspended = 0 and waiting = 0
    union all
    select min(due) from cards where state in (1, 3) and present = 1 and suspended = 0 and waiting = 0);

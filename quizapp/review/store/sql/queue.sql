-- Cards are searched deck by deck through the one index `cards_due`: every further index adds a page write to each review.

-- name: due
select c.name, c.notes from tallies t cross join cards c on c.deck = t.deck
where c.state > 0 and c.state = 2 and c.present = 1 and c.suspended = 0 and c.waiting = 0 and c.due < :end
    and c.buried <= :today and c.rested <= :today
    and (:decks is null or t.deck in (select value from json_each(:decks)))
order by c.due, c.place;

-- name: retrievability
select c.name, c.notes from tallies t cross join cards c on c.deck = t.deck
where c.state > 0 and c.state = 2 and c.present = 1 and c.suspended = 0 and c.waiting = 0 and c.due < :end
    and c.buried <= :today and c.rested <= :today
    and (:decks is null or t.deck in (select value from json_each(:decks)))
order by (:today - c.last_day) / c.stability desc, c.place;

-- name: random
select c.name, c.notes from tallies t cross join cards c on c.deck = t.deck
where c.state > 0 and c.state = 2 and c.present = 1 and c.suspended = 0 and c.waiting = 0 and c.due < :end
    and c.buried <= :today and c.rested <= :today
    and (:decks is null or t.deck in (select value from json_each(:decks)))
order by ((c.id + :today) * 2654435761) % 4294967291;

-- name: deck
select c.name, c.notes from tallies t cross join cards c on c.deck = t.deck
where c.state > 0 and c.state = 2 and c.present = 1 and c.suspended = 0 and c.waiting = 0 and c.due < :end
    and c.buried <= :today and c.rested <= :today
    and (:decks is null or t.deck in (select value from json_each(:decks)))
order by c.place;

-- name: learning
select name, notes, due from cards
where state in (1, 3) and present = 1 and suspended = 0 and waiting = 0 and due < :end
    and buried <= :today
    and (:decks is null or deck in (select value from json_each(:decks)))
order by due;

-- A prerequisite that is removed, suspended or waiting for CUDA cannot be learned, so it locks nothing.
-- name: new
select name, notes from cards
where state = 0 and present = 1 and suspended = 0 and waiting = 0
    and buried <= :today and rested <= :today
    and (:decks is null or deck in (select value from json_each(:decks)))
    and not exists (
        select 1 from prerequisites p join cards f on f.id = p.first
        where p.card = cards.id and f.state < 2 and f.present = 1 and f.suspended = 0 and f.waiting = 0)
order by place;

-- name: next new
select deck, name, min(place) from cards
where state = 0 and present = 1 and suspended = 0 and waiting = 0
    and buried <= :today and rested <= :today
    and not exists (
        select 1 from prerequisites p join cards f on f.id = p.first
        where p.card = cards.id and f.state < 2 and f.present = 1 and f.suspended = 0 and f.waiting = 0)
group by deck;

-- name: locks
select c.deck, f.name, min(f.place) from prerequisites p
    join cards c on c.id = p.card join cards f on f.id = p.first
where c.state = 0 and f.state < 2 and f.present = 1 and f.suspended = 0 and f.waiting = 0
    and c.present = 1 and c.suspended = 0 and c.waiting = 0 and c.buried <= :today and c.rested <= :today
group by c.deck;

-- name: next due
select min((
    select min(c.due) from cards c
    where c.deck = t.deck and c.state > 0 and c.present = 1 and c.suspended = 0 and c.waiting = 0))
from tallies t;

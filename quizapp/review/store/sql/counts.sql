-- name: decks
select t.deck, (
        select count(*) from cards c
        where c.deck = t.deck and c.state > 0 and c.present = 1 and c.suspended = 0 and c.waiting = 0
            and c.due < :end and c.buried <= :today and c.rested <= :today),
    t.learned, t.total
from touched cross join tallies t on t.deck = touched.deck;

-- A statement of its own: joined with the one above, both take twice as long.
-- name: aside
select deck, sum(unseen), sum(waiting), sum(suspended), sum(locked) from (
    select deck, state = 0 and (suspended or waiting or buried > :today or rested > :today) as unseen, waiting,
        suspended, 0 as locked
    from cards where present = 1 and (suspended = 1 or waiting = 1 or buried > 0 or rested > 0)
    union all
    select c.deck, 0, 0, 0, count(distinct c.id) from prerequisites p
        join cards c on c.id = p.card join cards f on f.id = p.first
    where c.state = 0 and f.state < 2 and f.present = 1 and f.suspended = 0 and f.waiting = 0
        and c.present = 1 and c.suspended = 0 and c.waiting = 0 and c.buried <= :today and c.rested <= :today
    group by c.deck)
group by deck;

-- The decks whose cards this connection changed: those and no others are counted anew.

-- name: watch decks
create temp table if not exists touched (deck text primary key) without rowid;

-- name: watch new cards
create temp trigger if not exists card_placed after insert on main.cards
begin
    insert into touched (deck) values (new.deck) on conflict do nothing;
end;

-- name: watch cards
create temp trigger if not exists card_changed
after update of state, present, suspended, waiting, due, buried, rested on main.cards
begin
    insert into touched (deck) values (new.deck) on conflict do nothing;
end;

-- name: watch moves
create temp trigger if not exists card_moved after update of deck on main.cards
begin
    insert into touched (deck) values (old.deck), (new.deck) on conflict do nothing;
end;

-- name: watch dropped cards
create temp trigger if not exists card_dropped after delete on main.cards
begin
    insert into touched (deck) values (old.deck) on conflict do nothing;
end;

-- name: touch all
insert into touched (deck) select deck from tallies where true on conflict do nothing;

-- name: touched no more
delete from touched;

-- name: version
pragma data_version;

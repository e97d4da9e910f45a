-- name: decks
select touched.deck, (
        select count(*) from cards c
        where c.deck = t.deck and c.state > 0 and c.present = 1 and c.suspended = 0 and c.waiting = 0
            and c.due < :end and c.buried <= :today and c.rested <= :today),
    t.learned, t.total
from touched left join tallies t on t.deck = touched.deck
where t.deck is not null or touched.deck = '';

-- Separate: joined with the statement above, both take twice as long.
-- name: hidden
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

-- `touched`: the decks whose cards this connection changed, and '' if more than their dates may have changed. Only these
-- are counted again. Cards are added and removed only when the library is synchronised, which writes to `meta`.

-- name: watch decks
create temp table if not exists touched (deck text primary key) without rowid;

-- name: watch dates
create temp trigger if not exists card_changed
after update of state, present, suspended, waiting, due, buried, rested on main.cards
begin
    insert into touched (deck) values (new.deck) on conflict do nothing;
end;

-- name: watch hidden cards
create temp trigger if not exists card_hidden
after update of state, present, suspended, waiting, buried, rested on main.cards
when old.state != new.state or old.present != new.present or old.suspended != new.suspended
    or old.waiting != new.waiting or old.buried != new.buried or old.rested != new.rested
begin
    insert into touched (deck) values ('') on conflict do nothing;
end;

-- name: watch first sync
create temp trigger if not exists library_added after insert on main.meta
begin
    insert into touched (deck) select deck from tallies union select '' on conflict do nothing;
end;

-- name: watch syncs
create temp trigger if not exists library_changed after update on main.meta
begin
    insert into touched (deck) select deck from tallies union select '' on conflict do nothing;
end;

-- name: touch all
insert into touched (deck) select deck from tallies union select '' on conflict do nothing;

-- name: clear touched
delete from touched;

-- name: version
pragma data_version;

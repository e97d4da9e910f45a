-- name: id
select id from cards where name = ?;

-- name: add
insert into cards (name, deck) values (?, ?);

-- name: id and review
select id, last_review, reps, stability from cards where name = ?;

-- name: memory
select state, step, stability, difficulty, due, last_review, last_day, reps, lapses, fingerprint
from cards where name = ? and state > 0;

-- name: flags
select suspended, flagged, buried, rested, waiting from cards where name = ?;

-- name: all flags
select name, suspended, flagged, buried, rested, waiting from cards
where present = 1 and (suspended or flagged or buried or rested or waiting);

-- name: set memory
update cards set state = ?, step = ?, stability = ?, difficulty = ?, due = ?, last_review = ?, last_day = ?,
    reps = ?, lapses = ?, fingerprint = ?
where id = ?;

-- name: clear memory
update cards set state = 0, step = null, stability = null, difficulty = null, due = null, last_review = null,
    last_day = null, reps = 0, lapses = 0, fingerprint = ''
where id = ?;

-- name: clear derived columns
update cards set state = 0, step = null, stability = null, difficulty = null, due = null, last_review = null,
    last_day = null, reps = 0, lapses = 0, fingerprint = '', suspended = 0, flagged = 0, buried = 0, rested = 0;

-- name: bury siblings
update cards set rested = :until
where rested < :until and id != :card and id in (
    select s.card from origins o join origins s on s.note = o.note where o.card = :card);

-- name: recompute sibling burials
update cards set rested = coalesce((
    select max(s.last_day) + 1 from origins o join origins b on b.note = o.note join cards s on s.id = b.card
    where o.card = cards.id and s.id != cards.id), 0)
where id in (select s.card from origins o join origins s on s.note = o.note where o.card = ?);

-- name: recompute all sibling burials
update cards set rested = coalesce((
    select max(s.last_day) + 1 from origins o join origins b on b.note = o.note join cards s on s.id = b.card
    where o.card = cards.id and s.id != cards.id), 0)
where rested > 0 or id in (select card from origins);

-- name: set suspended
update cards set suspended = ? where id = ?;

-- name: set flagged
update cards set flagged = ? where id = ?;

-- name: set buried
update cards set buried = ? where id = ?;

-- name: set waiting
update cards set waiting = ? where id = ?;

-- name: clear waiting
update cards set waiting = 0 where waiting = 1;

-- name: waiting
select name from cards where waiting = 1 and present = 1 order by place;

-- name: suspended
select name from cards where suspended = 1 order by name;

-- name: flagged
select name from cards where flagged = 1 order by name;

-- name: rename
update cards set name = ?, deck = ? where name = ?;

-- name: delete unused
delete from cards
where name = :card
    and not exists (select 1 from log l where l.card = cards.id)
    and not exists (select 1 from attempts a where a.card = cards.id)
    and not exists (select 1 from drafts d where d.card = cards.id)
    and not exists (select 1 from helps h where h.card = cards.id);

-- name: library columns
select name, deck, place, present, kind, level, notes from cards;

-- name: add or update
insert into cards (name, deck, place, present, kind, level, notes) values (?, ?, ?, ?, ?, ?, ?)
on conflict (name) do update set deck = excluded.deck, place = excluded.place, present = excluded.present,
    kind = excluded.kind, level = excluded.level, notes = excluded.notes;

-- name: mark removed
update cards set present = 0 where name = ?;

-- name: delete prerequisites
delete from prerequisites;

-- name: delete notes
delete from origins;

-- name: add note
insert into origins (card, note) select id, ? from cards where name = ?;

-- name: add prerequisite
insert or ignore into prerequisites (card, first)
select c.id, f.id from cards c, cards f where c.name = ? and f.name = ?;

-- name: orphans
select c.name, c.reps, c.last_review from cards c
where c.present = 0 and exists (select 1 from log l where l.card = c.id)
order by c.name;

-- name: leeches
select name, lapses from cards where lapses > 0 and lapses >= ? and present = 1 and suspended = 0 order by lapses desc, name;

-- name: all memories
select name, state, step, stability, difficulty, due, last_review, last_day, reps, lapses, fingerprint
from cards where state > 0;

-- name: first-try seconds
select l.seconds from
    (select id, card, seconds, kind, tries, outcome from log order by id desc limit 2000) l
    join cards c on c.id = l.card
where l.kind = 1 and l.outcome = 'passed' and l.tries = 1 and c.kind = ? and c.level = ?
    and not exists (select 1 from undone u where u.entry = l.id)
limit 50;

-- name: get meta
select value from meta where key = ?;

-- name: set meta
insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value;

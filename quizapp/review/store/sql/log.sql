-- name: append review
insert into log (kind, card, at, day, rating, proposed, why, outcome, first, score, tries, hints, gave_up, seconds,
    family, before, elapsed, scheduled, predicted, state, step, stability, difficulty, due, fingerprint)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: append action
insert into log (kind, card, at, day, value) values (?, ?, ?, ?, ?);

-- name: last entry
select l.id, l.kind, c.id, c.name, l.value, l.rating from log l join cards c on c.id = l.card
where not exists (select 1 from undone u where u.entry = l.id)
order by l.id desc limit 1;

-- name: undo
insert into undone (entry, at) values (?, ?);

-- name: repeat entry
insert into log (kind, card, at, day, value, rating, proposed, why, outcome, first, score, tries, hints, gave_up,
    seconds, family, before, elapsed, scheduled, predicted, state, step, stability, difficulty, due, fingerprint)
select kind, card, at, day, value, rating, proposed, why, outcome, first, score, tries, hints, gave_up,
    seconds, family, before, elapsed, scheduled, predicted, state, step, stability, difficulty, due, fingerprint
from log where id = ?;

-- name: last memory
select state, step, stability, difficulty, due, at, day, fingerprint from log
where card = :card and kind = 1 and not exists (select 1 from undone u where u.entry = log.id)
    and id > coalesce((select max(r.id) from log r where r.card = :card and r.kind = 6
        and not exists (select 1 from undone u where u.entry = r.id)), 0)
order by id desc limit 1;

-- name: reps and lapses
select count(*), coalesce(sum(rating = 1 and before = 2), 0) from log
where card = :card and kind = 1 and not exists (select 1 from undone u where u.entry = log.id)
    and id > coalesce((select max(r.id) from log r where r.card = :card and r.kind = 6
        and not exists (select 1 from undone u where u.entry = r.id)), 0);

-- name: last action
select value from log
where card = ? and kind = ? and not exists (select 1 from undone u where u.entry = log.id)
order by id desc limit 1;

-- Not from the view `parts`: reading its five branches for one takes longer than the query itself.
-- name: day totals
select coalesce(sum(new), 0), coalesce(sum(learned), 0), coalesce(sum(milliseconds), 0) / 1000.0,
    coalesce(sum(reviews), 0)
from (
    select new, learned, milliseconds, reviews from sums where of = 1 and key between 2 * :day and 2 * :day + 1
    union all
    select new, learned, milliseconds, 1 from pending where day_and_age between 2 * :day and 2 * :day + 1);

-- name: reviews
select l.id, c.name, l.rating, l.proposed, l.at, l.day, l.why, l.outcome, l.first, l.score, l.tries, l.hints,
    l.gave_up, l.seconds, l.family, l.before, l.elapsed, l.scheduled, l.predicted, u.entry is not null
from log l join cards c on c.id = l.card left join undone u on u.entry = l.id
where l.kind = 1 and (:card is null or c.name = :card)
order by l.id;

-- name: last outcomes
select c.name, l.outcome from cards c join log l on l.id = (
    select max(id) from log where card = c.id and kind = 1 and not exists (select 1 from undone u where u.entry = log.id))
where c.present = 1;

-- name: replay
select l.kind, c.id, c.name, l.rating, l.at, l.day, l.value, l.state, l.step, l.due, l.fingerprint
from log l join cards c on c.id = l.card
where not exists (select 1 from undone u where u.entry = l.id)
order by c.id, l.id;

-- name: days
select key / 2 from parts where of = 1 group by key / 2 having sum(reviews) > 0;

-- name: has entries
select 1 from log limit 1;

-- name: reviews after
select count(*) from log
where at > ? and kind = 1 and not exists (select 1 from undone u where u.entry = log.id);

-- name: forgotten on
select c.name from cards c
where c.last_day >= :day and c.present = 1 and c.suspended = 0 and c.waiting = 0 and exists (
    select 1 from log l where l.card = c.id and l.day = :day and l.kind = 1 and l.rating = 1
        and not exists (select 1 from undone u where u.entry = l.id))
order by c.place;

-- Rows are never deleted, so the last number is the number of rows.
-- name: length
select coalesce(max(id), 0) from log;

-- name: extent
select count(*), max(at) from log
where kind = 1 and not exists (select 1 from undone u where u.entry = log.id);

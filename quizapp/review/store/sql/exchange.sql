-- name: entries
select l.kind, c.name, l.at, l.day, l.value, l.rating, l.proposed, l.why, l.outcome, l.first, l.score, l.tries, l.hints,
    l.gave_up, l.seconds, l.family, l.before, l.elapsed, l.scheduled, l.predicted, l.state, l.step, l.stability,
    l.difficulty, l.due, l.fingerprint, u.at
from log l join cards c on c.id = l.card left join undone u on u.entry = l.id
order by l.id;

-- name: has data
select 1 from log union all select 1 from attempts union all select 1 from drafts limit 1;

-- name: known entries
select c.name, l.at, l.kind from log l join cards c on c.id = l.card;

-- name: add entry
insert into log (kind, card, at, day, value, rating, proposed, why, outcome, first, score, tries, hints, gave_up, seconds,
    family, before, elapsed, scheduled, predicted, state, step, stability, difficulty, due, fingerprint)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add undone
insert into undone (entry, at) values (?, ?);

-- name: attempts
select c.name, a.at, a.answer, a.outcome, a.score, a.family, a.said, a.seconds, a.cram
from attempts a join cards c on c.id = a.card order by a.id;

-- name: drafts
select c.name, d.text, d.at from drafts d join cards c on c.id = d.card order by c.name;

-- name: add attempt
insert into attempts (card, at, answer, outcome, score, family, said, seconds, cram)
values (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: attempts
select a.at, a.answer, a.outcome, a.score, a.family, a.said, a.seconds, a.cram
from attempts a join cards c on c.id = a.card
where c.name = ? order by a.id desc limit ?;

-- name: unrated attempts
select a.at, a.answer, a.outcome, a.score, a.family, a.said, a.seconds, a.cram
from attempts a join cards c on c.id = a.card
where c.name = ? and a.at > ? and a.cram = 0 order by a.id;

-- name: mistakes
select a.family, c.name from attempts a join cards c on c.id = a.card
where a.family is not null and c.present = 1
group by a.family, c.name order by max(a.id);

-- name: save draft
insert into drafts (card, text, at) values (?, ?, ?)
on conflict (card) do update set text = excluded.text, at = excluded.at;

-- name: progress
select c.state, c.step, c.stability, c.difficulty, c.due, c.last_review, c.last_day, c.reps, c.lapses, c.fingerprint,
    d.text, exists (
        select 1 from attempts a
        where a.card = c.id and a.cram = 0 and a.at > max(:day_start, coalesce(c.last_review, 0))),
    coalesce(h.hints, 0), coalesce(h.gave_up, 0)
from cards c left join drafts d on d.card = c.id
    left join helps h on h.card = c.id and h.at > max(:day_start, coalesce(c.last_review, 0))
where c.name = :card;

-- name: save help
insert into helps (card, hints, gave_up, at) values (?, ?, ?, ?)
on conflict (card) do update set hints = excluded.hints, gave_up = excluded.gave_up, at = excluded.at;

-- name: delete help
delete from helps where card = ?;

-- name: restore help
insert or replace into helps (card, hints, gave_up, at)
select card, hints, gave_up, :at from log where id = :entry and (hints > 0 or gave_up = 1);

-- name: draft
select d.text from drafts d join cards c on c.id = d.card where c.name = ?;

-- name: delete draft
delete from drafts where card = ?;

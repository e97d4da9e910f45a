-- name: attempt
insert into attempts (card, at, answer, outcome, score, family, said, seconds) values (?, ?, ?, ?, ?, ?, ?, ?);

-- name: attempts
select a.at, a.answer, a.outcome, a.score, a.family, a.said, a.seconds
from attempts a join cards c on c.id = a.card
where c.name = ? order by a.id desc limit ?;

-- name: save draft
insert into drafts (card, text, at) values (?, ?, ?)
on conflict (card) do update set text = excluded.text, at = excluded.at;

-- name: draft
select d.text from drafts d join cards c on c.id = d.card where c.name = ?;

-- name: drop draft
delete from drafts where card = ?;

-- One row per card ever seen. The columns from `state` on are derived from the log: `ptquiz rebuild` recomputes them.
-- buried, rested: the first day on which the card may be shown again; `rested` is set by the review of a sibling.
create table cards (
    id integer primary key,
    name text not null unique,
    deck text not null,
    place integer not null default 0,
    present integer not null default 0,
    kind text not null default 'code',
    level integer not null default 1,
    notes text not null default '[]',
    waiting integer not null default 0,
    state integer not null default 0,
    step integer,
    stability real,
    difficulty real,
    due integer,
    last_review integer,
    last_day integer,
    reps integer not null default 0,
    lapses integer not null default 0,
    fingerprint text not null default '',
    suspended integer not null default 0,
    flagged integer not null default 0,
    buried integer not null default 0,
    rested integer not null default 0
) strict;

-- Cards that may be shown. `in (1, 3)` selects those in their learning or relearning steps.
create index cards_due on cards (deck, due, buried, rested)
    where state > 0 and present = 1 and suspended = 0 and waiting = 0;
create index cards_learning on cards (due)
    where state in (1, 3) and present = 1 and suspended = 0 and waiting = 0;
create index cards_new on cards (place, deck, buried, rested)
    where state = 0 and present = 1 and suspended = 0 and waiting = 0;
create index cards_hidden on cards (deck, state, suspended, waiting, buried, rested)
    where present = 1 and (suspended = 1 or waiting = 1 or buried > 0 or rested > 0);
create index cards_gone on cards (name) where present = 0;
create index cards_lapses on cards (lapses) where lapses > 0;

-- The number of cards of each deck and how many of them are learned, so that no screen has to count them.
create table tallies (
    deck text primary key,
    total integer not null,
    learned integer not null
) strict, without rowid;

create trigger cards_added after insert on cards when new.present = 1
begin
    insert into tallies (deck, total, learned) values (new.deck, 1, new.state > 0)
    on conflict (deck) do update set total = total + 1, learned = learned + excluded.learned;
end;

create trigger cards_changed after update of deck, present, state on cards
    when old.deck != new.deck or old.present != new.present or (old.state > 0) != (new.state > 0)
begin
    update tallies set total = total - 1, learned = learned - (old.state > 0)
    where deck = old.deck and old.present = 1;
    insert into tallies (deck, total, learned) select new.deck, 1, new.state > 0 where new.present = 1
    on conflict (deck) do update set total = total + 1, learned = learned + excluded.learned;
end;

create trigger cards_removed after delete on cards when old.present = 1
begin
    update tallies set total = total - 1, learned = learned - (old.state > 0) where deck = old.deck;
end;

create table prerequisites (
    card integer not null references cards (id),
    first integer not null references cards (id),
    primary key (card, first)
) strict, without rowid;

-- The notes that a card was made from; `cards.notes` contains the same as a JSON array.
create table origins (
    card integer not null references cards (id),
    note text not null,
    primary key (card, note)
) strict, without rowid;

create index origins_note on origins (note, card);

-- Reviews and actions, in order. Rows are added and never changed; `undone` lists those that no longer count.
-- kind: 1 review, 2 cram, 3 bury, 4 suspend, 5 flag, 6 reset. Times are microseconds since 1970-01-01 UTC.
create table log (
    id integer primary key,
    kind integer not null,
    card integer not null references cards (id),
    at integer not null,
    day integer not null,
    value integer,
    rating integer,
    proposed integer,
    why text,
    outcome text,
    first text,
    score real,
    tries integer,
    hints integer,
    gave_up integer,
    seconds real,
    family text,
    before integer,
    elapsed integer,
    scheduled integer,
    predicted real,
    state integer,
    step integer,
    stability real,
    difficulty real,
    due integer,
    fingerprint text
) strict;

create index log_card on log (card, id);

create table undone (
    entry integer primary key references log (id),
    at integer not null
) strict;

-- Totals of the reviews that are not undone, so that no screen has to read the log. `of` is the meaning of `key`:
-- 1 twice the day, plus one for mature cards; 2 predicted recall in thousandths; 3 whole seconds; 4 the first mistake;
-- 5 the card. learned: reviews of learned cards; recalled: those of them that were not rated Again.
create table sums (
    of integer not null,
    key any not null,
    reviews integer not null,
    new integer not null,
    learned integer not null,
    recalled integer not null,
    milliseconds integer not null,
    primary key (of, key)
) strict, without rowid;

-- What each review adds to the sums, under one or several keys.
create view facts as
select id as entry, card, before = 0 as new, before = 2 as learned, before = 2 and rating > 1 as recalled,
    cast(round(seconds * 1000) as integer) as milliseconds,
    day * 2 + (scheduled >= 21) as day_and_age,
    case when before = 2 then cast(round(predicted * 1000) as integer) end as predicted,
    cast(min(seconds, 3600) as integer) as seconds, family
from log where kind = 1;

create view shares as
select entry, 1 as of, day_and_age as key, new, learned, recalled, milliseconds from facts
union all
select entry, 2, predicted, new, learned, recalled, milliseconds from facts where predicted is not null
union all
select entry, 3, seconds, new, learned, recalled, milliseconds from facts
union all
select entry, 4, family, new, learned, recalled, milliseconds from facts where family is not null
union all
select entry, 5, card, new, learned, recalled, milliseconds from facts;

-- The last entry of the log that the sums include. A review does not update the sums itself: the learner waits until
-- everything that a review writes is synced.
create table summed (
    upto integer not null
) strict;

insert into summed (upto) values (0);

create view pending as
select * from facts where entry > (select upto from summed) and entry not in (select entry from undone);

-- The sums and the reviews not yet included in them: a key may occur more than once.
create view parts as
select of, key, reviews, new, learned, recalled, milliseconds from sums
union all
select 1, day_and_age, 1, new, learned, recalled, milliseconds from pending
union all
select 2, predicted, 1, new, learned, recalled, milliseconds from pending where predicted is not null
union all
select 3, seconds, 1, new, learned, recalled, milliseconds from pending
union all
select 4, family, 1, new, learned, recalled, milliseconds from pending where family is not null
union all
select 5, card, 1, new, learned, recalled, milliseconds from pending;

create trigger log_undone after insert on undone when new.entry <= (select upto from summed)
begin
    insert into sums (of, key, reviews, new, learned, recalled, milliseconds)
    select of, key, -1, -new, -learned, -recalled, -milliseconds from shares where entry = new.entry
    on conflict (of, key) do update set reviews = reviews - 1, new = new + excluded.new,
        learned = learned + excluded.learned, recalled = recalled + excluded.recalled,
        milliseconds = milliseconds + excluded.milliseconds;
end;

create table attempts (
    id integer primary key,
    card integer not null references cards (id),
    at integer not null,
    answer text not null,
    outcome text not null,
    score real not null,
    family text,
    said text,
    seconds real not null,
    cram integer not null default 0
) strict;

create index attempts_card on attempts (card, id);

create table drafts (
    card integer primary key references cards (id),
    text text not null,
    at integer not null
) strict;

-- Hints taken and giving up since the last rating, so that they still count after a restart.
create table helps (
    card integer primary key references cards (id),
    hints integer not null,
    gave_up integer not null,
    at integer not null
) strict;

create table meta (
    key text primary key,
    value text not null
) strict, without rowid;

-- One row per card ever seen. The columns from `state` on are derived: `rebuild` makes them anew from the log.
create table cards (
    id integer primary key,
    name text not null unique,
    deck text not null,
    place integer not null default 0,
    present integer not null default 0,
    kind text not null default 'code',
    level integer not null default 1,
    note text not null default '',
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

create index cards_due on cards (deck, due, buried, rested, state)
    where state > 0 and present = 1 and suspended = 0 and waiting = 0;
create index cards_next on cards (due, deck, buried, rested, state)
    where state > 0 and present = 1 and suspended = 0 and waiting = 0;
create index cards_new on cards (place, deck, buried, rested)
    where state = 0 and present = 1 and suspended = 0 and waiting = 0;
create index cards_note on cards (note) where note != '';

create table prerequisites (
    card integer not null references cards (id),
    first integer not null references cards (id),
    primary key (card, first)
) strict, without rowid;

-- What happened, in order. Rows are added and never changed; `undone` says which no longer count.
-- kind: 1 review, 2 cram, 3 bury, 4 suspend, 5 flag. Times are microseconds since 1970, UTC.
create table log (
    id integer primary key autoincrement,
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
create index log_day on log (day);

create table undone (
    entry integer primary key references log (id),
    at integer not null
) strict;

create table attempts (
    id integer primary key autoincrement,
    card integer not null references cards (id),
    at integer not null,
    answer text not null,
    outcome text not null,
    score real not null,
    family text,
    said text,
    seconds real not null
) strict;

create index attempts_card on attempts (card, id);

create table drafts (
    card integer primary key references cards (id),
    text text not null,
    at integer not null
) strict;

create table meta (
    key text primary key,
    value text not null
) strict, without rowid;

-- What is large is written in short transactions, and given to its training in the last of them.
create table training_content (
    id text not null primary key,
    training_id text references training (id) on delete set null, -- null for nobody's, which is removed
    kind text not null, -- data, checkpoint, history
    expires_at integer not null, -- when it may be removed; 0 from when it was given to its training
    unique (training_id, kind)
) strict;

create index content_of_nobody on training_content (expires_at) where training_id is null;

create table content_part (
    content_id text not null references training_content (id) on delete cascade,
    place integer not null, -- from 0
    bytes blob not null,
    primary key (content_id, place)
) strict;

insert into training_content select distinct kind || '-' || training_id, training_id, kind, 0 from training_part;
insert into content_part select kind || '-' || training_id, place, bytes from training_part;
drop table training_part;

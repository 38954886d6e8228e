alter table training add column warnings text; -- JSON, a list of sentences
alter table training add column folds integer not null default 0; -- of a cross-validation
alter table training add column fold_metrics text; -- JSON, one object for each fold

-- Data of trainings is cut into parts, so that no more than one of them is in memory.
create table new_training_part (
    training_id text not null references training (id) on delete cascade,
    kind text not null, -- data, checkpoint, history
    place integer not null, -- from 0
    bytes blob not null,
    primary key (training_id, kind, place)
) strict;

insert into new_training_part select training_id, kind, 0, bytes from training_part;
drop table training_part;
alter table new_training_part rename to training_part;

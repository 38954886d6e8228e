alter table training add column warnings text; -- JSON, a list of sentences
alter table training add column folds integer not null default 0; -- of a cross-validation
alter table training add column fold_metrics text; -- JSON, one object for each fold

-- Data of trainings is cut into parts, so that no more than one of them is in memory.
alter table training_part add column place integer not null default 0; -- from 0
alter table training_part alter column place drop default;
alter table training_part drop constraint training_part_pkey;
alter table training_part add primary key (training_id, kind, place);

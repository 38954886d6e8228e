-- Times are microseconds since 1970. What documents, parameters and parts look like is told in the classes that end in
-- Document and Format.
create table model (
    id text not null primary key,
    created_at integer not null,
    version integer not null, -- the current one
    trainings integer not null default 0, -- the number of the last one
    training integer -- the number of the one that is queued or running
) strict;

create index model_by_age on model (created_at, id);

create table model_version (
    model_id text not null references model (id) on delete cascade,
    version integer not null,
    document text not null,
    checksum integer not null, -- of the document
    parameters blob, -- null in version 0 alone
    primary key (model_id, version)
) strict;

create table training (
    id text not null primary key,
    model_id text not null references model (id) on delete cascade,
    number integer not null,
    state text not null, -- queued, running, succeeded, cancelled, failed
    document text not null,
    checksum integer not null, -- of the document
    epochs integer not null,
    examples integer not null,
    lease integer not null default 0, -- grows each time a process takes the training; only the newest may write
    cancel text, -- keep or discard, as soon as somebody wants it to stop
    losses blob, -- thinned
    worked integer not null default 0, -- microseconds
    stop_reason text,
    best_epoch integer,
    metrics text, -- JSON
    version integer, -- of the model that came of it
    error text,
    queued_at integer not null,
    started_at integer,
    finished_at integer,
    idempotency_key text,
    body_digest text, -- of the request that came with the key
    unique (model_id, number),
    unique (model_id, idempotency_key)
) strict;

create index training_waiting on training (state) where state = 'queued';

create table training_part (
    training_id text not null references training (id) on delete cascade,
    kind text not null, -- data, checkpoint, history
    bytes blob not null,
    primary key (training_id, kind)
) strict;

-- db-scheduler's; the instance is the training's id.
create table scheduled_tasks (
    task_name text not null,
    task_instance text not null references training (id) on delete cascade,
    task_data blob,
    execution_time integer not null,
    picked integer not null,
    picked_by text,
    last_success integer,
    last_failure integer,
    consecutive_failures integer,
    last_heartbeat integer,
    version integer not null,
    priority integer,
    primary key (task_name, task_instance)
) strict;

create index task_by_time on scheduled_tasks (execution_time);
create index task_by_heartbeat on scheduled_tasks (last_heartbeat);
create index task_of_training on scheduled_tasks (task_instance);

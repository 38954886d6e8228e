-- Times are microseconds since 1970. Package io.backprop.store.format defines the formats of documents and bytes.
create table model (
    id text not null primary key,
    created_at integer not null,
    version integer not null, -- the current one
    changes integer not null, -- number of changes of the document
    document text not null, -- what all versions have in common
    checksum integer not null, -- of the document
    trainings integer not null default 0, -- number of the last training
    scorings integer not null default 0, -- number of the last scoring
    training integer -- number of the queued or running training
) strict;

create index model_by_age on model (created_at, id);

create table model_version (
    model_id text not null references model (id) on delete cascade,
    version integer not null,
    document text not null,
    checksum integer not null, -- of the document
    primary key (model_id, version)
) strict;

create table training (
    id text not null primary key,
    model_id text not null references model (id) on delete cascade,
    number integer not null,
    kind text not null, -- TRAINING, CROSS_VALIDATION, SEARCH
    state text not null, -- QUEUED, RUNNING, SUCCEEDED, CANCELLED, FAILED
    document text not null,
    checksum integer not null, -- of the document
    epochs integer not null,
    examples integer not null,
    folds integer not null, -- of a cross-validation, else 0
    owner text not null, -- name of the API key that queued it; empty if none was needed
    round integer not null, -- of the queue
    memory integer not null, -- bytes that it needs in the process that runs it
    table_name text, -- that drivers read; null for a training of this service
    claimed_until integer, -- when the claim of a driver expires; null without one
    settings text not null, -- JSON, what is in effect
    warnings text not null, -- JSON, a list of texts
    lease integer not null default 0, -- incremented each time a process leases the training; only the newest may write
    attempts integer not null default 0, -- leases since the last checkpoint, except those that were released
    cancel text, -- KEEP or DISCARD once cancellation is requested
    progress text, -- JSON
    outcome text, -- JSON, once the training has ended
    queued_at integer not null,
    started_at integer,
    finished_at integer,
    idempotency_key text,
    body_digest text, -- of the request with that key
    unique (model_id, number),
    unique (model_id, owner, idempotency_key)
) strict;

create index training_by_age on training (queued_at, id);
create index training_by_key on training (model_id, queued_at) where idempotency_key is not null;
create index training_by_state on training (state, queued_at, id);
create index training_for_drivers on training (round, queued_at, id)
    where table_name is not null and state in ('QUEUED', 'RUNNING');

-- The folds of a cross-validation and the trials of a search.
create table training_part (
    id text not null primary key,
    training_id text not null references training (id) on delete cascade,
    number integer not null, -- from 0
    stage integer not null, -- that it does or has completed, from 0
    until_epoch integer not null, -- of the stage
    state text not null, -- QUEUED, RUNNING, COMPLETED
    round integer not null, -- of the queue
    lease integer not null default 0, -- as of a training
    attempts integer not null default 0, -- as of a training
    epochs integer not null default 0, -- completed
    worked integer not null default 0, -- microseconds
    progress text, -- JSON
    results text not null default '[]', -- JSON, of the completed stages
    unique (training_id, number)
) strict;

create index training_part_queued on training_part (round) where state = 'QUEUED';

-- Tables that drivers score.
create table scoring (
    model_id text not null references model (id) on delete cascade,
    number integer not null,
    state text not null, -- QUEUED, RUNNING, SUCCEEDED, CANCELLED, FAILED
    version integer not null, -- of the model, which is kept until the end
    table_name text not null,
    output text not null,
    format text not null, -- PARQUET, CSV
    cells text not null, -- JSON, how the cells are read
    lease integer not null default 0, -- a random number for each claim; 0 without one; only the newest may write
    claimed_until integer, -- when the claim expires
    attempts integer not null default 0, -- claims, except those that were released
    cancelled integer not null default 0, -- 1 once cancellation is requested
    scored integer not null default 0, -- rows
    files integer, -- of the output
    warnings text not null default '[]', -- JSON, a list of texts
    error text,
    queued_at integer not null,
    started_at integer,
    finished_at integer,
    primary key (model_id, number)
) strict;

create unique index scoring_output on scoring (lower(output)) where state in ('QUEUED', 'RUNNING');
create index scoring_open on scoring (queued_at, model_id, number) where state in ('QUEUED', 'RUNNING');

-- Large payloads are written in short transactions, and attached to a version, a training or a part of one in the last
-- one. A blob of none is deleted once expired.
create table blob (
    id text not null primary key,
    kind text not null, -- PARAMETERS, DATA, CHECKPOINT, HISTORY
    bytes integer not null, -- of all chunks, or their estimate until it is attached
    model_id text,
    version integer,
    training_id text references training (id) on delete set null,
    part_id text references training_part (id) on delete set null,
    expires_at integer not null, -- 0 once attached
    unique (model_id, version),
    unique (training_id, kind),
    unique (part_id, kind),
    foreign key (model_id, version) references model_version (model_id, version) on delete set null
) strict;

create index blob_of_data on blob (bytes) where kind = 'DATA';
create index blob_detached on blob (id) where model_id is null and training_id is null and part_id is null;

create table blob_chunk (
    blob_id text not null references blob (id) on delete cascade,
    position integer not null, -- from 0
    bytes blob not null,
    primary key (blob_id, position)
) strict;

-- The table of db-scheduler, with times in milliseconds. The instance of a task is the id of a training.
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
    priority integer not null, -- the later the round, the lower
    primary key (task_name, task_instance)
) strict;

create index task_by_priority on scheduled_tasks (priority desc, execution_time);
create index task_by_heartbeat on scheduled_tasks (last_heartbeat);
create index task_of_training on scheduled_tasks (task_instance);

-- As scheduled_tasks, of parts of trainings: those of cross-validations come first.
create table scheduled_parts (
    task_name text not null,
    task_instance text not null references training_part (id) on delete cascade,
    task_data blob,
    execution_time integer not null,
    picked integer not null,
    picked_by text,
    last_success integer,
    last_failure integer,
    consecutive_failures integer,
    last_heartbeat integer,
    version integer not null,
    priority integer not null,
    primary key (task_name, task_instance)
) strict;

create index part_by_priority on scheduled_parts (priority desc, execution_time);
create index part_by_heartbeat on scheduled_parts (last_heartbeat);
create index task_of_part on scheduled_parts (task_instance);

-- The last round of a queue in which a training, or a part of one, of an owner was started.
create table queue_round (
    queue text not null, -- name of its tasks
    owner text not null,
    round integer not null,
    primary key (queue, owner)
) strict;

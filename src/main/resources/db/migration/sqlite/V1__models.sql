-- Times are microseconds since 1970. What a document and the parameters look like is told in ModelDocument and
-- ParametersFormat.
create table model (
    id text not null primary key,
    created_at integer not null,
    version integer not null, -- the current one
    trainer text, -- the process that trains the model, as long as trained_until says
    trained_until integer not null default 0
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

-- Times are microseconds since 1970. What a document and the parameters look like is told in ModelDocument and
-- ParametersFormat.
create table model (
    id text collate "C" not null primary key,
    created_at bigint not null,
    version bigint not null, -- the current one
    trainer text, -- the process that trains the model, as long as trained_until says
    trained_until bigint not null default 0
);

create index model_by_age on model (created_at, id);

create table model_version (
    model_id text collate "C" not null references model (id) on delete cascade,
    version bigint not null,
    document text not null,
    checksum bigint not null, -- of the document
    parameters bytea, -- null in version 0 alone
    primary key (model_id, version)
);

alter table model_version alter column parameters set storage external; -- compressing them takes long for nothing

package io.backprop.security;

/** What a key permits. Each scope includes those before it. */
enum Scope {
    PREDICT,
    TRAIN,
    ADMIN
}

package io.backprop.security;

import java.nio.file.Path;

/** Keeps the secret of the generated key for all replicas that share a database. */
public interface GeneratedKeyStore {

    /** Stores a secret unless there is one, and returns the stored one. A store of one process returns the given one. */
    String putIfAbsent(String secret);

    /** The folder of the store in which the operator finds the key. */
    Path folder();
}

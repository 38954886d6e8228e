package io.backprop.security;

import static io.backprop.security.InvalidKeysException.requireKey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that requests may present. */
final class ApiKeys {

    private final List<ApiKey> keys;
    private final @Nullable Path generatedFile;

    private ApiKeys(List<ApiKey> keys, @Nullable Path generatedFile) {
        this.keys = List.copyOf(keys);
        this.generatedFile = generatedFile;
    }

    /** Returns one that the service has generated. */
    static ApiKeys generated(GeneratedKeyStore store) {
        return new ApiKeys(List.of(GeneratedKey.from(store)), GeneratedKey.file(store));
    }

    /** Reads the configured keys. */
    static ApiKeys from(ApiProperties properties) {
        List<ApiKey> keys = new ArrayList<>();
        List<String> lines = properties.keys().stream().flatMap(String::lines).toList();
        add(lines, "key %d of backprop.api.keys", keys);
        Path file = properties.keysFile();
        if (file != null) {
            add(linesOf(file), "line %d of " + file, keys);
        }
        return new ApiKeys(keys, null);
    }

    private static List<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidKeysException("cannot read backprop.api.keys-file " + file);
        }
    }

    private static void add(List<String> lines, String place, List<ApiKey> keys) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            ApiKey key = ApiKey.parse(line, place.formatted(i + 1));
            for (ApiKey other : keys) {
                requireKey(!other.getName().equals(key.getName()), "there are two keys %s", key.getName());
                requireKey(
                        !other.hasSecretOf(key), "keys %s and %s have the same secret", other.getName(), key.getName());
            }
            keys.add(key);
        }
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Returns the file in which the operator finds the generated key, or null if keys are configured. */
    @Nullable
    Path generatedFile() {
        return generatedFile;
    }

    /** Returns the key with a secret, or null. The time that this takes does not depend on the secret. */
    @Nullable
    ApiKey find(String secret) {
        byte[] digest = ApiKey.sha256(secret);
        ApiKey found = null;
        for (ApiKey key : keys) {
            if (key.hasDigest(digest)) {
                found = key;
            }
        }
        return found;
    }
}

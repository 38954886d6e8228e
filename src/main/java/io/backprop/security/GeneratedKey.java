package io.backprop.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin key of a service that requires keys and has none configured. The operator finds it in a file. */
final class GeneratedKey {

    static final String FILE = "admin-key";

    private static final Logger log = LoggerFactory.getLogger(GeneratedKey.class);
    private static final String NAME = "generated";
    private static final int BYTES = 32;

    private GeneratedKey() {}

    /** Returns the stored key, that of the file or a new one, and writes it to the file. */
    static ApiKey from(GeneratedKeyStore store) {
        Path file = file(store);
        String secret;
        try {
            secret = store.putIfAbsent(Files.exists(file) ? read(file) : newSecret());
            write(secret, file);
        } catch (IOException e) {
            throw new InvalidKeysException(
                    "none is configured, and a generated one cannot be written to %s: %s".formatted(file, e));
        }
        log.warn("No keys are configured (backprop.api.keys); a generated key with scope admin is in {}", file);
        return new ApiKey(NAME, Scope.ADMIN, secret);
    }

    /** The file in which the operator finds the key. */
    static Path file(GeneratedKeyStore store) {
        return store.folder().resolve(FILE).toAbsolutePath().normalize();
    }

    private static String newSecret() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String read(Path file) throws IOException {
        String secret = Files.readString(file, StandardCharsets.US_ASCII).strip();
        return ApiKey.isSecret(secret) ? secret : newSecret();
    }

    private static void write(String secret, Path file) throws IOException {
        byte[] content = (secret + "\n").getBytes(StandardCharsets.US_ASCII);
        PrivateFiles.createFolder(Objects.requireNonNull(file.getParent()));
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
            PrivateFiles.createFile(file);
        } else {
            PrivateFiles.replace(file, content);
        }
    }
}

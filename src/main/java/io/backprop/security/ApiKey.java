package io.backprop.security;

import static io.backprop.security.InvalidKeysException.requireKey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** A configured key. Of its secret, only the SHA-256 digest is kept. */
final class ApiKey implements AuthenticatedPrincipal {

    static final int MIN_SECRET_LENGTH = 16; // bytes

    private static final String DIGEST = "sha256:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._~+/-]+=*"); // RFC 6750 §2.1
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

    private final String name;
    private final Scope scope;
    private final byte[] digest;
    private final Authentication authentication;

    ApiKey(String name, Scope scope, String secret) {
        this(name, scope, sha256(secret));
    }

    private ApiKey(String name, Scope scope, byte[] digest) {
        this.name = name;
        this.scope = scope;
        this.digest = digest;
        this.authentication = new PreAuthenticatedAuthenticationToken(this, "", List.of());
    }

    /**
     * Parses {@code name:scope:secret} or {@code name:scope:sha256:HEX}.
     *
     * @param place of the key in the configuration, for messages; they show no part of the key, as its parts may be swapped
     */
    static ApiKey parse(String text, String place) {
        String[] parts = text.split(":", 3);
        requireKey(
                parts.length == 3 && NAME.matcher(parts[0]).matches(),
                "%s must have the form name:scope:secret or name:scope:sha256:HEX, with a name of 1 to 32 letters, digits and .-_",
                place);
        Scope scope = Arrays.stream(Scope.values())
                .filter(known -> known.toString().equals(parts[1]))
                .findFirst()
                .orElse(null);
        requireKey(scope != null, "the scope of %s must be predict, train or admin", place);
        String secret = parts[2];
        if (secret.startsWith(DIGEST)) {
            String hex = secret.substring(DIGEST.length());
            requireKey(
                    SHA_256.matcher(hex).matches(), "the SHA-256 digest of %s must have 64 hexadecimal digits", place);
            return new ApiKey(parts[0], scope, HexFormat.of().parseHex(hex));
        }
        requireKey(
                SECRET.matcher(secret).matches(),
                "the secret of %s may have letters, digits and .-_~+/ only, and = at its end",
                place);
        requireKey(
                secret.length() >= MIN_SECRET_LENGTH,
                "the secret of %s must have at least %d characters",
                place,
                MIN_SECRET_LENGTH);
        return new ApiKey(parts[0], scope, secret);
    }

    /** Whether a text has the form and the length of a secret. */
    static boolean isSecret(String text) {
        return text.length() >= MIN_SECRET_LENGTH && SECRET.matcher(text).matches();
    }

    static byte[] sha256(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    @Override
    public String getName() {
        return name;
    }

    Scope scope() {
        return scope;
    }

    Authentication authentication() {
        return authentication;
    }

    /** Compares digests in constant time. */
    boolean hasDigest(byte[] other) {
        return MessageDigest.isEqual(digest, other);
    }

    boolean hasSecretOf(ApiKey other) {
        return hasDigest(other.digest);
    }

    @Override
    public String toString() {
        return name + ":" + scope;
    }
}

package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tables have a limit of their own, and every body may be compressed. */
class EncodedBodyTests extends WebTestBase {

    private static final int LIMIT = 2 * 1024 * 1024;
    private static final String TOO_LARGE = "the body must have at most 2097152 bytes, but has more";

    @ParameterizedTest
    @ValueSource(strings = {"text/csv", "text/csv;charset=utf-8", "application/x-ndjson"})
    void limitsTables(String type) {
        byte[] largest = new byte[LIMIT];

        assertThat(bytes(send(table(type, largest)))).isEqualTo(LIMIT);
        assertThat(bytes(send(chunked(type, largest)))).isEqualTo(LIMIT);
        assertTooLarge(send(table(type, new byte[LIMIT + 1])), TOO_LARGE.replace("more", "2097153"));
        assertTooLarge(send(chunked(type, new byte[LIMIT + 1])), TOO_LARGE);
        problem(send(table("text/plain", largest)), ProblemType.BODY_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip"})
    void decompressesGzip(String encoding) throws IOException {
        byte[] packed = gzip("a,b\n1,2\n".getBytes(StandardCharsets.US_ASCII));

        HttpResponse<String> response = send(table("text/csv", packed).header("Content-Encoding", encoding));

        assertThat(bytes(response)).isEqualTo(8);
        assertThat(json(response).path("end").asInt()).isEqualTo('\n');
    }

    @Test
    void limitsDecompressedBytes() throws IOException {
        assertThat(bytes(send(packed(gzip(new byte[LIMIT]))))).isEqualTo(LIMIT);
        assertTooLarge(send(packed(gzip(new byte[LIMIT + 1]))), TOO_LARGE);
        assertTooLarge(send(packed(gzip(new byte[100 * LIMIT]))), TOO_LARGE);
    }

    @Test
    void limitsTheRatioOfDecompressedBytes() throws IOException {
        int free = 4 << 20;
        byte[] noise = new byte[200_000];
        new Random(1).nextBytes(noise);
        byte[] dense = concat(gzip(noise), gzip(new byte[100 * 200_000 - 1_000_000]));

        assertThat(decompressed(gzip(new byte[free]))).isEqualTo(free);
        assertThat(decompressed(dense)).isEqualTo(200_000 + 100 * 200_000 - 1_000_000);
        assertThatThrownBy(() -> decompressed(gzip(new byte[free + 1])))
                .isInstanceOf(UnreadableBodyException.class)
                .hasMessage("the body must be at most 100 times as long after decompression as before"
                        + " (backprop.limits.compression-ratio); send it without compression");
    }

    private static int decompressed(byte[] packed) throws IOException {
        LimitedStream source = new LimitedStream(new ByteArrayInputStream(packed), 100 * LIMIT, bytes -> {});
        try (InputStream body = GzipBody.open(source, new CompressionRatio(100))) {
            return body.readAllBytes().length;
        }
    }

    @Test
    void rejectsManyEmptyMembers() throws IOException {
        byte[] nothing = gzip(new byte[0]);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        while (many.size() <= LIMIT / 2) {
            many.write(nothing);
        }

        assertUnreadable(many.toByteArray(), "the body is not valid gzip: more than 100 empty members in sequence");
    }

    @Test
    void limitsCompressedBytes() {
        byte[] header = {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}; // with a name that does not end
        byte[] name = Arrays.copyOf(header, LIMIT + 1);
        Arrays.fill(name, header.length, name.length, (byte) 'n');

        assertTooLarge(send(chunked("text/csv", name).header("Content-Encoding", "gzip")), TOO_LARGE);
    }

    /** The stream has no bytes available between the members, as when the network pauses. */
    @Test
    void decompressesMembersThatArriveOneByOne() throws IOException {
        InputStream paused = new SequenceInputStream(
                new ByteArrayInputStream(gzip(new byte[100])), new ByteArrayInputStream(gzip(new byte[10])));

        try (InputStream body =
                GzipBody.open(new LimitedStream(paused, LIMIT, bytes -> {}), new CompressionRatio(100))) {
            assertThat(body.readAllBytes()).hasSize(110);
        }
    }

    @Test
    void rejectsInvalidGzip() throws IOException {
        byte[] noise = new byte[50_000];
        new Random(1).nextBytes(noise);
        byte[] good = gzip(noise);

        String invalid = "the body is not valid gzip: ";
        String truncated = invalid + "truncated";
        assertUnreadable(new byte[0], "the request must have a body");
        assertUnreadable("a,b".getBytes(StandardCharsets.US_ASCII), invalid + "Not in GZIP format");
        assertUnreadable(Arrays.copyOf(good, 5), truncated);
        assertUnreadable(Arrays.copyOf(good, good.length / 2), truncated);
        assertUnreadable(Arrays.copyOf(good, good.length - 1), truncated);
        assertUnreadable(changed(good, 1), invalid + "Not in GZIP format");
        assertUnreadable(changed(good, 10), invalid);
        assertUnreadable(changed(good, good.length - 5), invalid + "Corrupt GZIP trailer");
        assertUnreadable(changed(good, good.length - 1), invalid + "Corrupt GZIP trailer");
        assertUnreadable(Arrays.copyOf(good, good.length + 1), invalid + "data after the last member");
        assertUnreadable(Arrays.copyOf(good, good.length + 20), invalid + "data after the last member");
        assertUnreadable(Arrays.copyOf(good, good.length + 10_000), invalid + "data after the last member");
        assertUnreadable(concat(good, changed(good, 1)), invalid + "data after the last member");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "nonsense"})
    void rejectsOtherEncodings(String encoding) {
        HttpResponse<String> response = send(table("text/csv", new byte[1]).header("Content-Encoding", encoding));

        assertThat(problem(response, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                        .path("detail")
                        .asString())
                .isEqualTo("the body's Content-Encoding must be gzip, deflate or none, but was \"" + encoding + "\"");
        assertThat(header(response, "Accept-Encoding")).isEqualTo("gzip, deflate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "identity"})
    void decompressesJson(String encoding) throws IOException {
        byte[] json = "{\"id\": \"m\"}".getBytes(StandardCharsets.US_ASCII);
        byte[] body = encoding.equals("gzip") ? gzip(json) : encoding.equals("deflate") ? deflate(json, false) : json;

        HttpResponse<String> response = send(request("/echo/model")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", encoding)
                .POST(BodyPublishers.ofByteArray(body)));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** Some clients leave the header out. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void decompressesDeflate(boolean raw) {
        byte[] rows = new byte[100_000];
        Arrays.fill(rows, (byte) '7');

        assertThat(bytes(send(deflated(deflate(rows, raw))))).isEqualTo(rows.length);
    }

    @Test
    void rejectsInvalidDeflate() {
        byte[] noise = new byte[50_000];
        new Random(1).nextBytes(noise);
        byte[] good = deflate(noise, false);

        String invalid = "the body is not valid deflate: ";
        assertInvalidDeflate(new byte[] {120}, invalid + "truncated");
        assertInvalidDeflate(Arrays.copyOf(good, good.length / 2), invalid + "truncated");
        assertInvalidDeflate(Arrays.copyOf(good, good.length - 1), invalid + "truncated");
        assertInvalidDeflate(Arrays.copyOf(good, good.length + 1), invalid + "data after its end");
        assertInvalidDeflate(Arrays.copyOf(good, good.length + 20_000), invalid + "data after its end");
        assertInvalidDeflate(changed(good, good.length - 1), invalid + "incorrect data check");
        assertInvalidDeflate("{}".getBytes(StandardCharsets.US_ASCII), invalid);
    }

    @Test
    void limitsDeflate() {
        assertThat(bytes(send(deflated(deflate(new byte[LIMIT], false))))).isEqualTo(LIMIT);
        assertTooLarge(send(deflated(deflate(new byte[LIMIT + 1], false))), TOO_LARGE);
        assertThatThrownBy(() -> DeflateBody.open(
                                new LimitedStream(
                                        new ByteArrayInputStream(deflate(new byte[5 << 20], false)),
                                        100 * LIMIT,
                                        bytes -> {}),
                                new CompressionRatio(100))
                        .readAllBytes())
                .isInstanceOf(UnreadableBodyException.class)
                .hasMessageStartingWith("the body must be at most 100 times as long after decompression as before");
    }

    @ParameterizedTest
    @CsvSource({"Content-Encoding, br", "Content-Type, text/*"})
    void ignoresBodiesThatNoControllerReads(String header, String value) {
        HttpResponse<String> response =
                send(request("/problems").header(header, value).method("GET", BodyPublishers.ofString("body")));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private void assertUnreadable(byte[] body, String detail) {
        JsonNode problem = problem(send(packed(body)), ProblemType.UNREADABLE_BODY);
        assertThat(problem.path("detail").asString()).startsWith(detail);
    }

    private void assertTooLarge(HttpResponse<String> response, String detail) {
        assertThat(problem(response, ProblemType.BODY_TOO_LARGE).path("detail").asString())
                .isEqualTo(detail);
    }

    private int bytes(HttpResponse<String> response) {
        return json(response, 200).path("bytes").asInt();
    }

    private HttpRequest.Builder packed(byte[] body) {
        return table("text/csv", body).header("Content-Encoding", "gzip");
    }

    private HttpRequest.Builder deflated(byte[] body) {
        return table("text/csv", body).header("Content-Encoding", "deflate");
    }

    private void assertInvalidDeflate(byte[] body, String detail) {
        JsonNode problem = problem(send(deflated(body)), ProblemType.UNREADABLE_BODY);
        assertThat(problem.path("detail").asString()).startsWith(detail);
    }

    private HttpRequest.Builder table(String type, byte[] body) {
        return request("/echo/bytes").header("Content-Type", type).POST(BodyPublishers.ofByteArray(body));
    }

    private HttpRequest.Builder chunked(String type, byte[] body) {
        return request("/echo/bytes")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] deflate(byte[] bytes, boolean raw) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
            return packed.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] changed(byte[] bytes, int index) {
        byte[] changed = bytes.clone();
        changed[index] ^= (byte) 0xff;
        return changed;
    }
}

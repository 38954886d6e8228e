package io.backprop.interchange.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.SeededRandom;
import io.backprop.ServiceTestBase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Archives that were damaged or made up are refused, and do no harm. */
@ExtendWith(SeededRandom.class)
class HostileArchiveTests extends ServiceTestBase {

    private static final String DESCRIPTION = "model.json";
    private static final String PARAMETERS = "parameters.safetensors";
    private static final int MUTATIONS = Integer.getInteger("test.mutations", 150);

    private static byte[] archive = {}; // of a model of a table

    private Map<String, byte[]> entries;

    @BeforeEach
    void readArchive() throws Exception {
        if (archive.length == 0) {
            String id = create("\"hidden\": [4]");
            awaitEnd(send(request("/models/%s/train?target=species&epochs=2".formatted(id))
                    .header("Content-Type", "text/csv")
                    .POST(BodyPublishers.ofFile(Path.of("src/test/resources/data/penguins.csv")))));
            archive = ModelFiles.download(port, "/models/" + id + "/export");
            delete("/models/" + id);
        }
        entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
    }

    private byte[] entry(String name) {
        return requireNonNull(entries.get(name));
    }

    private static byte[] zip(Map<String, byte[]> entries, int method) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> content : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(content.getKey());
                CRC32 checksum = new CRC32();
                checksum.update(content.getValue());
                entry.setMethod(method);
                entry.setCrc(checksum.getValue());
                entry.setSize(content.getValue().length);
                zip.putNextEntry(entry);
                zip.write(content.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private void assertRefused(byte[] changed, String message) throws Exception {
        JsonNode problem = problem(ModelFiles.upload(port, "format=backprop", changed), 422, "invalid-model-file");
        assertThat(problem.path("detail").asString()).contains(message);
    }

    private void assertRefused(String message) throws Exception {
        assertRefused(zip(entries, ZipEntry.STORED), message);
    }

    @Test
    void acceptsAnArchiveThatWasPackedAgain() throws Exception {
        String id = newId();

        json(ModelFiles.upload(port, "format=backprop&id=" + id, zip(entries, ZipEntry.STORED)), 201);

        assertThat(ModelFiles.download(port, "/models/%s/export".formatted(id))).hasSizeGreaterThan(100);
    }

    @Test
    void rejectsCompressedEntries() throws Exception {
        entries.put(DESCRIPTION, new byte[10 << 20]); // a bomb of 1 : 1,000
        assertRefused(zip(entries, ZipEntry.DEFLATED), "without compression (zip -0), but model.json is compressed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.json", "/model.json", "model.json/", "MODEL.JSON", "a"})
    void rejectsOtherEntries(String name) throws Exception {
        Map<String, byte[]> others = new LinkedHashMap<>();
        others.put(name, entry(DESCRIPTION));
        others.put(PARAMETERS, entry(PARAMETERS));
        entries = others;

        assertRefused("the archive must have two entries");
    }

    @Test
    void rejectsMoreEntries() throws Exception {
        entries.put("../../etc/passwd", new byte[1]);
        assertRefused("has more");
    }

    @Test
    void rejectsFewerEntries() throws Exception {
        entries.remove(PARAMETERS);
        assertRefused("parameters.safetensors is missing");
    }

    @Test
    void rejectsTruncatedArchives() throws Exception {
        for (int length = 1; length < archive.length; length += 1 + length / 40) {
            assertRefused(Arrays.copyOf(archive, length), "archive");
        }
        assertRefused(Arrays.copyOf(archive, archive.length - 1), "central directory");
    }

    @Test
    void rejectsAdditionalBytes() throws Exception {
        assertRefused(Arrays.copyOf(archive, archive.length + 1), "central directory");
        assertRefused(Arrays.copyOf(archive, archive.length + 100_000), "central directory");
    }

    @Test
    void rejectsEncryptedEntries() throws Exception {
        byte[] changed = archive.clone();
        changed[6] |= 1; // the general purpose flags
        assertRefused(changed, "encrypted");
    }

    @Test
    void rejectsLiesAboutSizes() throws Exception {
        for (int size : new int[] {0, 1, -1, Integer.MAX_VALUE, 17 << 20, entry(DESCRIPTION).length + 1}) {
            byte[] changed = archive.clone();
            ByteBuffer header = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(18, size).putInt(22, size);
            assertRefused(changed, "");
        }
    }

    @Test
    void rejectsAWrongChecksum() throws Exception {
        byte[] changed = archive.clone();
        changed[14]++;
        assertRefused(changed, "CRC");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"F32\"|\"F64\"|must have the dtype F32",
                "\"shape\":[4]|\"shape\":[-4]|must have the shape [4]",
                "\"shape\":[4]|\"shape\":[4e9]|must have the shape [4]",
                "\"shape\":[4]|\"shape\":[[[4]]]|must have the shape [4]",
                "\"data_offsets\":[0,|\"data_offsets\":[1,|bytes, but its data_offsets are",
                "\"data_offsets\":[0,|\"data_offsets\":[9223372036854775808,|two data_offsets",
                "\"data_offsets\":[0,|\"data_offsets\":[\"0\",|two data_offsets",
                "0.biases\"|9.biases\"|has the tensor networks.0.layers.9.biases, but the model has not",
                "{\"networks.0.layers.0.weights\"|{\"networks.0.layers.0.biases\"|is not valid JSON",
                "{\"networks|[\"networks|is not valid JSON"
            })
    void rejectsOtherHeaders(String part, String other, String message) throws Exception {
        byte[] parameters = entry(PARAMETERS);
        ByteBuffer buffer = ByteBuffer.wrap(parameters).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) buffer.getLong();
        String header = new String(parameters, 8, length, StandardCharsets.US_ASCII).replace(part, other);
        entries.put(
                PARAMETERS,
                ByteBuffer.allocate(parameters.length - length + header.length())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length())
                        .put(header.getBytes(StandardCharsets.US_ASCII))
                        .put(parameters, 8 + length, parameters.length - 8 - length)
                        .array());
        assertRefused(message);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, 1 << 20})
    void rejectsLengthOfHeaderBeyondTheFile(long length) throws Exception {
        ByteBuffer.wrap(entry(PARAMETERS)).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        assertRefused("must begin with the length of a header");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void rejectsParametersThatAreNotFinite(float value) throws Exception {
        byte[] parameters = entry(PARAMETERS);
        ByteBuffer.wrap(parameters).order(ByteOrder.LITTLE_ENDIAN).putFloat(parameters.length - 4, value);
        assertRefused("must be finite numbers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"factor\":|\"factor\":0,\"x\":|factor must be finite and greater than 0",
                "\"version\":1|\"version\":\"1\"|/version",
                "\"version\":1|\"version\":1.5|/version",
                "\"version\":1|\"version\":-1|version must be at least 0",
                "\"version\":1|\"version\":0|version 0 has no networks",
                "\"networks\":1|\"networks\":2|networks must be at least 0 and at most 1",
                "\"temperature\":1.0|\"temperature\":0|temperature must be finite and greater than 0",
                "\"units\":4|\"units\":5|must have",
                "\"inputs\":|\"inputs\":1,\"inputs\":|is not valid JSON",
                "\"RELU\"|\"SOFTMAX\"|softmax is for the output layer",
                "\"RELU\"|\"STEP\"|has an invalid value",
                "\"RELU\"|null|has an invalid value",
                "\"learningRate\":|\"learningRate\":1,\"y\":|/model/plan/y is unknown",
                "\"Adelie\"|\"Gentoo\"|classes must differ",
                "\"island\"|\"sex\"|different names",
                "\"Biscoe\"|\"Dream\"|must differ from one another",
                "\"warnings\":[|\"warnings\":[null,|/state/warnings",
                "\"warnings\":[|\"warnings\":[\"\\ud800\",|warnings must be without NUL characters",
                "\"accuracy\"|\"\\ud800\"|Metrics must be without NUL characters",
                "\"format\":1|\"format\":2|format version 2"
            })
    void rejectsContradictoryDescriptions(String part, String other, String message) throws Exception {
        change(description -> description.replace(part, other));
        assertRefused(message);
    }

    private void change(UnaryOperator<String> change) {
        String description = new String(entry(DESCRIPTION), StandardCharsets.UTF_8);
        String changed = change.apply(description);
        assertThat(changed).isNotEqualTo(description);
        entries.put(DESCRIPTION, changed.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"'null', 1", "'[', 100000", "'{\"a\":', 100000", "'1', 1000000"})
    void rejectsWhatIsNoDescription(String part, int times) throws Exception {
        entries.put(DESCRIPTION, part.repeat(times).getBytes(StandardCharsets.UTF_8));
        assertRefused("the description of the model is invalid");
    }

    @Test
    void rejectsManyCategories() throws Exception {
        change(description -> description.replace("\"Biscoe\"", "\"x\",".repeat(1_000_000) + "\"Biscoe\""));
        assertRefused("categories must be at most 1000, but are 1000003");
    }

    @Test
    void rejectsModelsBeyondTheLimits() throws Exception {
        change(description -> description.replace("\"units\":4", "\"units\":8193"));
        problem(ModelFiles.upload(port, "format=backprop", zip(entries, ZipEntry.STORED)), 422, "limit-exceeded");
    }

    /** A changed archive is refused, or has a model that works. */
    @Test
    void survivesMutations(Random random) throws Exception {
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = random.nextBoolean() ? mutate(archive, random) : withMutatedDescription(random);
            String id = newId();
            HttpResponse<String> response = ModelFiles.upload(port, "format=backprop&id=" + id, mutated);
            assertThat(response.statusCode()).as(response.body()).isIn(201, 422);
            if (response.statusCode() == 201) {
                assertWorks(id, new String(mutated, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void assertWorks(String id, String archived) {
        String rows = "{\"rows\": [{\"island\": \"Dream\", \"beak_length_mm\": 40, \"sex\": null}]}";
        for (HttpResponse<String> response : List.of(
                get("/models/" + id),
                get("/models/" + id + "/export"),
                get("/models/" + id + "/onnx"),
                post("/models/" + id + "/predict", rows),
                post("/models/" + id + "/train", "{\"reset\": true, \"epochs\": 1, " + XOR + "}"),
                delete("/models/" + id))) {
            assertThat(response.statusCode()).as(response.body() + archived).isNotEqualTo(500);
        }
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        return mutated;
    }

    private byte[] withMutatedDescription(Random random) throws IOException {
        byte[] description = entry(DESCRIPTION);
        String text = new String(description, StandardCharsets.UTF_8);
        String[] tokens = text.split("(?<=[,:{}\\[\\]])|(?=[,:{}\\[\\]])", -1);
        int at = random.nextInt(tokens.length);
        List<String> values =
                List.of("null", "0", "-1", "1e30", "\"\"", "true", "[]", "{}", tokens[random.nextInt(tokens.length)]);
        tokens[at] = values.get(random.nextInt(values.size()));
        Map<String, byte[]> changed = new LinkedHashMap<>(entries);
        changed.put(DESCRIPTION, String.join("", tokens).getBytes(StandardCharsets.UTF_8));
        return zip(changed, ZipEntry.STORED);
    }
}

package io.backprop.tabular;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Random tables with typical columns. The last column is the target. */
final class RandomTable {

    private static final List<String> WORDS = List.of(
            "red",
            "Grün",
            "two words",
            "a,b;c\td",
            "say \"no\"",
            "line\nbreak",
            "true",
            "12 o'clock",
            "日本",
            "😀",
            "#",
            "-");
    private static final List<String> MISSING =
            List.of("", " ", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A N/A", "-1.#IND");

    private final SplittableRandom random; // independent for consecutive seeds

    RandomTable(long seed) {
        this.random = new SplittableRandom(seed);
    }

    ReferenceTable draw() {
        int rows = List.of(2, 10, 300, 2_500).get(random.nextInt(4));
        List<Supplier<String>> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(6); i++) {
            columns.add(column());
            names.add(i + word());
        }
        columns.add(() -> random.nextBoolean() ? "yes" : "no");
        names.add("target");
        List<List<String>> cells = IntStream.range(0, rows)
                .mapToObj(row -> columns.stream().map(Supplier::get).toList())
                .toList();
        return new ReferenceTable(names, cells);
    }

    private Supplier<String> column() {
        Supplier<String> cells = cells();
        double missingShare = List.of(0.0, 0.0, 0.1, 0.9, 1.0).get(random.nextInt(5));
        return () ->
                random.nextDouble() < missingShare ? MISSING.get(random.nextInt(MISSING.size())) : spaced(cells.get());
    }

    private Supplier<String> cells() {
        Supplier<String> numbers = this::number;
        Supplier<String> dates = this::date;
        Supplier<String> words = this::word;
        return List.<Supplier<String>>of(
                        numbers,
                        numbers,
                        () -> Integer.toString(random.nextInt(5)),
                        () -> Integer.toString(random.nextInt(1_100)),
                        dates,
                        () -> dates.get() + "T%02d:%02d".formatted(random.nextInt(24), random.nextInt(60)),
                        words,
                        () -> random.nextInt(1_000) == 0 ? words.get() : numbers.get(),
                        () -> random.nextInt(10) == 0 ? dates.get() : numbers.get(),
                        () -> "id" + random.nextInt(),
                        () -> "w" + random.nextInt(1_500),
                        () -> "7.50")
                .get(random.nextInt(12));
    }

    private String number() {
        return switch (random.nextInt(5)) {
            case 0 -> Integer.toString(random.nextInt(2_000) - 1_000);
            case 1 -> Double.toString(random.nextGaussian());
            case 2 -> Float.toString((float) (1e20 * random.nextGaussian()));
            case 3 -> "+" + random.nextInt(100) + ".";
            default -> Double.toString(random.nextInt(1_000) / 100.0);
        };
    }

    private String date() {
        return LocalDate.of(1000, 1, 1).plusDays(random.nextInt(360_000)).toString();
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private String spaced(String cell) {
        return random.nextInt(20) == 0 ? " " + cell + " " : cell;
    }

    /** The table as CSV with random separator, line separator and quotes. */
    byte[] csv(ReferenceTable table) {
        String separator = List.of(",", ";", "\t").get(random.nextInt(3));
        String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "\ufeff" : "");
        List<List<String>> lines = new ArrayList<>(List.of(table.columns()));
        lines.addAll(table.rows());
        for (List<String> line : lines) {
            text.append(String.join(separator, line.stream().map(this::quoted).toList()))
                    .append(end);
        }
        int length = random.nextBoolean() ? text.length() : text.length() - end.length();
        return text.substring(0, length).getBytes(StandardCharsets.UTF_8);
    }

    private String quoted(String cell) {
        boolean must = cell.chars().anyMatch(character -> ",;\t\"\n\r".indexOf(character) >= 0);
        return must || random.nextInt(10) == 0 ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    /** Some of the rows, at least one, in ascending order. */
    int[] rows(ReferenceTable table) {
        int left = random.nextInt(table.rows().size());
        return IntStream.range(0, table.rows().size())
                .filter(row -> row == left || random.nextInt(4) > 0)
                .toArray();
    }
}

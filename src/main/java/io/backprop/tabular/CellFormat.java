package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conventions by which the text of cells is read.
 *
 * @param missing words for missing values, in addition to {@link #MISSING}
 * @param decimalComma whether numbers have a decimal comma instead of a point
 * @param dateFormat a pattern of {@link java.time.format.DateTimeFormatter} for dates, in addition to ISO 8601; null for
 *     none
 */
public record CellFormat(
        List<String> missing,
        boolean decimalComma,
        @Nullable String dateFormat) {

    /** The words for missing values in every format: the empty one, and the default ones of pandas. */
    public static final List<String> MISSING = List.of(
            "",
            "#N/A",
            "#N/A N/A",
            "#NA",
            "-1.#IND",
            "-1.#QNAN",
            "-NaN",
            "-nan",
            "1.#IND",
            "1.#QNAN",
            "<NA>",
            "N/A",
            "NA",
            "NULL",
            "NaN",
            "None",
            "n/a",
            "nan",
            "null");

    public static final CellFormat DEFAULT = new CellFormat(List.of(), false, null);

    public CellFormat {
        missing = missing.stream().map(String::strip).distinct().toList();
        for (String word : missing) {
            requireArgument(
                    word.length() <= StringDictionary.MAX_LENGTH,
                    "missing must have words of at most %d characters, but one has %d",
                    StringDictionary.MAX_LENGTH,
                    word.length());
            requireArgument(
                    StringDictionary.isStorable(word),
                    "missing must not have words with NUL characters or unpaired surrogates");
        }
        if (dateFormat != null) {
            new DatePattern(dateFormat);
        }
    }

    /** The words for missing values that are numbers; equal numbers written in another way are missing, too. */
    public List<Float> missingNumbers() {
        return missing.stream()
                .map(word -> NumberParser.parse(word.toCharArray(), 0, word.length(), decimalComma ? ',' : '.'))
                .filter(number -> !number.isNaN())
                .toList();
    }
}

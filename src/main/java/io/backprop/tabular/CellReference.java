package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import java.util.List;

/**
 * A cell that a message refers to.
 *
 * @param place of its row
 * @param text of which only the beginning is kept, because it may be long and is kept for many columns
 */
record CellReference(String place, String column, String text) {

    private static final int MAX_LENGTH = StringDictionary.MAX_LENGTH + 1; // tells that it exceeds the maximum

    CellReference {
        text = text.substring(0, Math.min(text.length(), MAX_LENGTH));
    }

    /** @param rule the part of the message after the column's name */
    TableException violates(String rule) {
        return TableException.invalid("%s: column %s %s", place, quote(column), rule);
    }

    TableException notANumber() {
        String ambiguity = CellType.ambiguity(text);
        return violates("must be a number, but %s %s"
                .formatted(ambiguity.isEmpty() ? "is" : quote(text), ambiguity.isEmpty() ? quote(text) : ambiguity));
    }

    TableException notADate() {
        return violates("must be a date in ISO 8601, such as 2024-02-29, but is " + quote(text));
    }

    TableException notAClass(List<String> classes) {
        return violates("must be one of %s, but is %s".formatted(quote(classes), quote(text)));
    }
}

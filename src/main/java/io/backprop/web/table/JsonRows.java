package io.backprop.web.table;

import io.backprop.engine.Matrix;
import io.backprop.tabular.TableException;
import io.backprop.web.json.JsonInputException;
import io.backprop.web.json.JsonNumbers;
import io.backprop.web.problem.ProblemType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Rows in one of the JSON forms of TensorFlow Serving: a list of numbers, of rows of numbers, or of objects with the cells
 * of a row, or an object of columns. An object with the matrix {@code inputs} is that matrix.
 */
public sealed interface JsonRows {

    /** Rows of numbers, in the order of the model's inputs. */
    record Numbers(Matrix matrix) implements JsonRows {

        @Override
        public PredictRequest toPredictRequest() {
            return new PredictRequest(matrix, null, null, null, null, null);
        }
    }

    /** Rows of a table. */
    record Named(RowSource rows) implements JsonRows {

        @Override
        public PredictRequest toPredictRequest() {
            return new PredictRequest(null, rows, null, null, null, null);
        }
    }

    PredictRequest toPredictRequest();

    /** The name of the input of a model that takes a matrix. */
    String MATRIX = "inputs";

    static JsonRows read(JsonParser parser) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return readObject(parser);
        }
        JsonNumbers.requireList(parser, "a list of rows, or an object of columns");
        String name = JsonNumbers.nameOf(parser);
        JsonToken first = parser.nextToken();
        if (first.isNumeric()) {
            return new Numbers(JsonNumbers.readColumn(parser));
        }
        if (first == JsonToken.START_OBJECT) {
            PackedRows rows = new PackedRows();
            ObjectRows.readElements(parser, rows);
            return new Named(rows);
        }
        return new Numbers(JsonNumbers.readRows(parser, name));
    }

    private static JsonRows readObject(JsonParser parser) {
        ColumnRows table = new ColumnRows();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            try {
                parser.nextToken();
                JsonNumbers.requireList(parser, "a list of cells, one for each row");
                boolean isMatrix = parser.nextToken() == JsonToken.START_ARRAY && name.equals(MATRIX);
                if (isMatrix && table.isEmpty()) {
                    return readMatrix(parser);
                }
                table.readColumn(name, parser);
            } catch (TableException e) {
                throw invalid(e.getMessage(), parser);
            } catch (JacksonException e) {
                throw e.prependPath(table, name);
            }
        }
        if (table.isEmpty()) {
            throw invalid("an object of columns must have at least 1 column, but has none", parser);
        }
        return new Named(table);
    }

    private static Numbers readMatrix(JsonParser parser) {
        Matrix matrix = JsonNumbers.readRows(parser, MATRIX);
        if (parser.nextName() != null) {
            throw invalid("the matrix " + MATRIX + " excludes other inputs", parser);
        }
        return new Numbers(matrix);
    }

    private static JsonInputException invalid(String message, JsonParser parser) {
        return JsonInputException.of(ProblemType.INVALID_FIELD, message, parser);
    }
}

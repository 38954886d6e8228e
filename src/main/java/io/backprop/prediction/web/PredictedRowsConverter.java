package io.backprop.prediction.web;

import io.backprop.limits.RequestLimits;
import io.backprop.web.table.TableTypes;
import io.backprop.web.table.TextConverter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Predicts row by row and writes a line for each, CSV or NDJSON. Nothing is sent before all has been read: an error in the
 * last row is an answer of its own, and a client may send all before it reads.
 */
@Component
class PredictedRowsConverter extends TextConverter<PredictedRows> {

    /** What the rows' reader should know, a JSON list of sentences in ASCII. */
    static final String WARNINGS = "Backprop-Warnings";

    private static final int LONGEST_HEADER = 4_000;

    private final TablePredictions answers;
    private final SpoolProperties properties;
    private final RequestLimits limits;
    private final JsonMapper mapper;

    PredictedRowsConverter(
            TablePredictions answers, SpoolProperties properties, RequestLimits limits, JsonMapper mapper) {
        super(PredictedRows.class, TableTypes.CSV, TableTypes.NDJSON);
        this.answers = answers;
        this.properties = properties;
        this.limits = limits;
        this.mapper = mapper;
    }

    @Override
    protected void writeInternal(PredictedRows predicted, HttpOutputMessage message) throws IOException {
        HttpHeaders headers = message.getHeaders();
        try (SpooledOutputStream spool = new SpooledOutputStream(properties.folderOrDefault(), limits)) {
            PredictionWriter sink = sink(predicted, headers.getContentType(), spool);
            List<String> warnings = answers.predict(predicted.predictor(), predicted.rows(), sink);
            if (!warnings.isEmpty()) {
                headers.set(WARNINGS, header(warnings));
            }
            headers.setContentLength(spool.length());
            spool.copyTo(message.getBody());
        }
    }

    private PredictionWriter sink(PredictedRows predicted, @Nullable MediaType type, OutputStream out) {
        List<String> classes = predicted.predictor().classes();
        return MediaType.APPLICATION_NDJSON.isCompatibleWith(type)
                ? new NdjsonPredictionWriter(classes, mapper, out)
                : new CsvPredictionWriter(classes, out);
    }

    private String header(List<String> warnings) {
        List<String> shown = new ArrayList<>(warnings);
        String json = json(shown);
        while (json.length() > LONGEST_HEADER) {
            shown.remove(shown.size() - 1);
            json = json(shown);
        }
        return json;
    }

    private String json(List<String> warnings) {
        return mapper.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(warnings);
    }
}

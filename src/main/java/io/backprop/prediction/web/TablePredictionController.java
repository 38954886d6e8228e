package io.backprop.prediction.web;

import io.backprop.driver.CsvPredictionWriter;
import io.backprop.limits.MemoryBudget;
import io.backprop.prediction.PredictionService;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.TablePredictions;
import io.backprop.tabular.PredictionSink;
import io.backprop.web.table.PredictRequest;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.TableTypes;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Predictions for a table, as CSV or NDJSON. A response is sent only when it is complete: an error in the last row is
 * reported by its status, and a client may send all rows before it reads the response.
 */
@RestController
@RequestMapping("/models/{id}/predict")
class TablePredictionController {

    /** Warnings about the rows, as a JSON array of strings in ASCII, of at most 4,000 characters. */
    private static final String WARNINGS = "Backprop-Warnings";

    private static final int MAX_HEADER_LENGTH = 4_000;
    private static final String UTF8 = ";charset=UTF-8";

    private final PredictionService predictions;
    private final TablePredictions tables;
    private final Spool spool;
    private final MemoryBudget memory;
    private final JsonMapper mapper;

    TablePredictionController(
            PredictionService predictions,
            TablePredictions tables,
            Spool spool,
            MemoryBudget memory,
            JsonMapper mapper) {
        this.predictions = predictions;
        this.tables = tables;
        this.spool = spool;
        this.memory = memory;
        this.mapper = mapper;
    }

    @PostMapping(produces = TableTypes.CSV + UTF8)
    @Operation(hidden = true) // documented by the operation for JSON
    void predictCsv(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @RequestParam(required = false) @Nullable Float threshold,
            @Valid @RequestBody PredictRequest request,
            HttpServletResponse response)
            throws IOException, HttpMediaTypeNotAcceptableException {
        Predictor predictor = predictions.predictor(id, version).withThreshold(threshold);
        boolean decimalComma =
                request.cellRules(predictor.cellFormat()).format().decimalComma();
        respond(
                predictor,
                request,
                response,
                TableTypes.CSV,
                body -> new CsvPredictionWriter(predictor.tableScorer(), decimalComma, body, memory.current()::add));
    }

    @PostMapping(produces = TableTypes.NDJSON + UTF8)
    @Operation(hidden = true)
    void predictNdjson(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long version,
            @RequestParam(required = false) @Nullable Float threshold,
            @Valid @RequestBody PredictRequest request,
            HttpServletResponse response)
            throws IOException, HttpMediaTypeNotAcceptableException {
        Predictor predictor = predictions.predictor(id, version).withThreshold(threshold);
        respond(
                predictor,
                request,
                response,
                TableTypes.NDJSON,
                body -> new NdjsonPredictionWriter(predictor.tableScorer(), mapper, body));
    }

    private void respond(
            Predictor predictor,
            PredictRequest request,
            HttpServletResponse response,
            String type,
            Function<OutputStream, PredictionSink> writer)
            throws IOException, HttpMediaTypeNotAcceptableException {
        RowSource rows = request.tableRows()
                .orElseThrow(() -> new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON)));
        try (SpooledOutputStream body = spool.open()) {
            List<String> warnings = tables.predict(
                    predictor, rows::readInto, request.cellRules(predictor.cellFormat()), writer.apply(body));
            if (!warnings.isEmpty()) {
                response.setHeader(WARNINGS, header(warnings));
            }
            String extension = type.equals(TableTypes.CSV) ? ".csv" : ".ndjson";
            String file = predictor.model().id() + "-predictions" + extension;
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    ContentDisposition.attachment().filename(file).build().toString());
            response.setContentType(type + UTF8);
            response.setContentLengthLong(body.length());
            body.copyTo(response.getOutputStream());
        }
    }

    /** The first of the warnings that fit into a header, and the number of the others. */
    private String header(List<String> warnings) {
        List<String> included = new ArrayList<>(warnings);
        String json = json(included);
        for (int count = warnings.size() - 1; json.length() > MAX_HEADER_LENGTH; count--) {
            included = new ArrayList<>(warnings.subList(0, count));
            included.add((warnings.size() - count) + " more warnings");
            json = json(included);
        }
        return json;
    }

    private String json(List<String> warnings) {
        return mapper.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(warnings);
    }
}

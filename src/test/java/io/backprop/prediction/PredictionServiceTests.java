package io.backprop.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.backprop.TestProperties;
import io.backprop.engine.Matrix;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.ModelService;
import io.backprop.tabular.Targets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PredictionServiceTests {

    private static final int MANY = (1 << 19) + 5; // rows, for three turns

    private final Predictor predictor = Predictors.regression();
    private final ComputeBudget compute = mock();
    private final PredictionService predictions = new PredictionService(
            mock(ModelService.class),
            TestProperties.bind(RequestLimits.class, Map.of()),
            mock(MemoryBudget.class),
            compute,
            mock(PredictionMetrics.class));

    @Test
    void predictsManyRowsByTurns() {
        Matrix inputs = numbers(MANY);

        Prediction prediction = predictions.predict(predictor, inputs);

        assertThat(prediction.predictions()).isEqualTo(predictor.predict(predictor.encode(inputs)));
        verify(compute, times(2)).yieldToOthers();
    }

    @Test
    void evaluatesManyRowsByTurns() {
        Matrix inputs = numbers(MANY);
        EvaluationAccumulator atOnce = new EvaluationAccumulator(predictor);
        atOnce.add(predictor.encode(inputs), inputs);

        Evaluation evaluation = predictions.evaluate(predictor, inputs, new Targets.Numbers(inputs));

        assertThat(evaluation).isEqualTo(atOnce.evaluation(List.of()));
        verify(compute, times(2)).yieldToOthers();
    }

    @Test
    void predictsFewRowsAtOnce() {
        assertThat(predictions.predict(predictor, numbers(10)).predictions().rows())
                .isEqualTo(10);
        verify(compute, never()).yieldToOthers();
    }

    private static Matrix numbers(int rows) {
        float[] values = new float[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = row % 1_000;
        }
        return Matrix.wrap(rows, 1, values);
    }
}

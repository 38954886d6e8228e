package io.backprop.training;

import io.backprop.engine.Network;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import java.time.Duration;

/**
 * A training that nothing more can be wrong with.
 *
 * @param model as it was when the training was ordered
 * @param start what it begins with
 * @param epochsBefore epochs that led to that
 */
record PreparedTraining(
        Model model,
        Architecture architecture,
        Network start,
        long epochsBefore,
        TrainingPlan plan,
        TrainingData data,
        Duration timeLimit) {}

package io.backprop.store;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Makes documents of today's format of those that earlier versions of the service have stored. */
final class DocumentUpgrades {

    private static final List<String> ARCHITECTURE =
            List.of("inputs", "outputs", "task", "outputActivation", "loss", "labels", "preprocessing");

    private DocumentUpgrades() {}

    /** False if it is of today's format already. */
    static boolean upgradeTraining(ObjectNode training) {
        boolean upgraded = training.get("model") instanceof ObjectNode model && upgradeModel(model);
        int format = training.path("format").asInt();
        if (format == 1) {
            training.put("folds", 0);
        }
        if (format == 1 || format == 2) {
            training.put("format", TrainingDocument.FORMAT);
        }
        return upgraded;
    }

    /** False if it is of today's format already. */
    static boolean upgradeModel(ObjectNode model) {
        int format = model.path("format").asInt();
        if (format == 1) {
            model.putObject("preprocessing").put("kind", "none");
        }
        if (format == 1 || format == 2) {
            tellFoundFromDescribed(model);
            model.put("format", ModelDocument.FORMAT);
            return true;
        }
        return false;
    }

    /** Nobody knows any more what of it a client has said, but what comes of a table's columns was found. */
    private static void tellFoundFromDescribed(ObjectNode model) {
        ObjectNode found = model.putObject("architecture");
        ARCHITECTURE.forEach(field -> found.set(field, model.remove(field)));
        ObjectNode described = found.deepCopy();
        ObjectNode preprocessing = (ObjectNode) described.get("preprocessing");
        switch (preprocessing.path("kind").asString()) {
            case "columns" -> {
                ((ObjectNode) found.get("preprocessing")).put("dates", false);
                described.putNull("inputs").putObject("preprocessing").put("kind", "none");
            }
            case "standardized" -> {
                preprocessing.putArray("inputs");
                preprocessing.putArray("targets");
            }
            default -> {} // none
        }
        model.set("described", described);
    }
}

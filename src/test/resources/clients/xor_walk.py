"""Walks through exclusive or, and trains on a table, with the Python client that openapi-generator generates."""

import sys

import client

inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
rows = [{"colour": "red", "size": 1, "ripe": "yes"}, {"colour": None, "size": 2.5, "ripe": "no"}] * 5

with client.ApiClient(client.Configuration(host=sys.argv[1])) as service:
    models, training, prediction = client.ModelsApi(service), client.TrainingApi(service), client.PredictionApi(service)

    models.create_model(client.CreateModelRequest(id="xor-python", hidden_units=[4], learning_rate=0.5, seed=42))
    training.train(
        "xor-python", client.TrainRequest(inputs=inputs, targets=[0, 1, 1, 0], epochs=4000), prefer="wait=60"
    )
    predictions = prediction.predict("xor-python", client.PredictRequest(inputs=inputs))

    table = models.create_model(
        client.CreateModelRequest(
            hidden=[client.HiddenLayerOrUnits(client.HiddenLayer(units=8, activation="tanh")), client.HiddenLayerOrUnits(4)],
            optimizer=client.OptimizerOrName(client.Optimizer(client.AdamW(type="adamw", weight_decay=0.01))),
            learning_rate_schedule=client.ScheduleOrName("constant"),
        )
    )
    trained = training.train(
        table.id,
        client.TrainRequest(
            rows=rows, target="ripe", columns={"colour": "categorical"}, class_weights="balanced", epochs=200
        ),
        prefer="wait=60",
    )
    assert trained.settings.class_weights == "balanced", trained
    assert prediction.predict(table.id, client.PredictRequest(rows=rows)).labels == ["yes", "no"] * 5
    assert models.get_model(table.id).optimizer.actual_instance.weight_decay == 0.01

    print(predictions.predictions)

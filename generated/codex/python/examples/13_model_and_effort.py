"""Choosing a model, and how much it thinks, from what the server offers."""

from codex_app_server import Codex
from codex_app_server.types import Model


def default_model(codex: Codex) -> Model:
    for model in codex.models_all():
        if model.is_default:
            return model
    raise LookupError("no model is the default")


with Codex() as codex:
    model = default_model(codex)
    print("model:", model.model)
    # They are listed from the least to the most.
    efforts = [option.reasoning_effort for option in model.supported_reasoning_efforts]
    print("least effort:", efforts[0])
    print("most effort:", efforts[-1])

    thread = codex.thread_start(model=model.model)
    quick = thread.run("Why is the sky blue?", effort=efforts[0])
    print("quick answer:", quick.final_response)
    good = thread.run("Why is it red at night?", effort=efforts[-1])
    print("good answer:", good.final_response)

"""The model card of a fine-tuned model, and the profile by which this program speaks to it.

Contract. Pure text of what is known: nothing is claimed that was not measured in the run. ``card`` has the front matter
of Hugging Face; ``profile`` is TOML (``svggen.models.hf``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from svggen.tokens.semantic_words import word
from svggen.training.finetune.asking import EXEMPLAR, EXEMPLARS, QUESTION_OF_A_SET, QUESTIONS

if TYPE_CHECKING:
    from svggen.training.finetune.bases import Base
    from svggen.training.finetune.plan import Plan
    from svggen.training.finetune.stages import Losses

__all__ = ["card", "licence_note", "profile"]


def card(plan: Plan, base: Base, losses: Mapping[str, Losses], about: Mapping[str, Any]) -> str:
    """README.md of the result."""
    numbers = " and whole numbers" if plan.numbers == "tokens" else ""
    form = f"LLM4SVG's semantic tokens{numbers}" if plan.form == "llm4svg" else "plain SVG text on a 24 px canvas"
    return "\n".join([
        *_front(plan, base),
        f"# {plan.out.name}: {base.name}, fine-tuned to write SVG icons",
        "",
        f"A {'vision-' if base.sees else ''}language model that draws icons as {form}, and says what icons show.",
        "",
        f"Made by `mnemicon train finetune`; `mnemicon draw PROMPT --model hf:{plan.out.name}/model` draws with it.",
        "",
        "## Data", "",
        f"{about.get('rows', 0):,} rows were read, {about.get('used', 0):,} used. A drawing that is held out "
        f"({plan.held_out:g} of those whose data name no split) was never trained on.", "",
        "| source | licence | examples |", "| --- | --- | --- |",
        *(f"| {source} | {licence} | {count:,} |" for source, licence, count in about.get("sources", [])[:60]),
        "", *_refused(about), *_licences(base, about),
        "## Training", "",
        "| stage | steps | parameters trained | loss, first to last | held-out loss, before and after |",
        "| --- | --- | --- | --- | --- |",
        *(_stage(name, loss) for name, loss in losses.items()), "",
        "Losses are nats a token of the answer; the prompt does not count.", "",
        "## Recipe", "", "```json", json.dumps(_recipe(plan), indent=1), "```", "",
        "## What is not known", "",
        "Only losses were measured. How well it draws has to be looked at; what it was trained on is what it can draw.",
        "",
    ])  # fmt: skip


def _front(plan: Plan, base: Base) -> list[str]:
    name = base.name if base.name.count("/") == 1 and not base.name.startswith((".", "/", "~")) else ""
    lines = ["---", "library_name: transformers", "tags: [svg, icons, llm4svg, mnemicon]",
             f"pipeline_tag: {'image-text-to-text' if base.sees else 'text-generation'}"]  # fmt: skip
    if name:
        lines.append(f"base_model: {name}")
    if base.licence:
        lines.append(f"license: {base.licence.lower()}")
    return [*lines, "---", ""]


def _refused(about: Mapping[str, Any]) -> list[str]:
    refused = about.get("refused", {})
    said = ", ".join(f"{count:,} {reason}" for reason, count in refused.items())
    return [f"Refused: {said}.", ""] if said else []


def _licences(base: Base, about: Mapping[str, Any]) -> list[str]:
    return [f"Base: {base.name}, licence {base.licence or 'not stated in its folder'}. {licence_note(about)}", ""]


def licence_note(about: Mapping[str, Any]) -> str:
    """What the licences of the data mean for the result, as far as they say it themselves."""
    licences = sorted({licence for _, licence, _ in about.get("sources", [])})
    bound = [name for name in licences if "-NC" in name]
    if bound:
        return f"Part of the data is for non-commercial use only ({', '.join(bound)}): so is the model."
    unknown = [name for name in licences if name in ("not stated", "mixed (GitHub)")]
    return "The licence of part of the data is not stated: look it up before the model is passed on." if unknown else ""


def _stage(name: str, loss: Losses) -> str:
    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    return (
        f"| {name} | {loss.steps:,} | {loss.parameters:,} | {loss.first:.3f} to {loss.last:.3f} "
        f"| {shown(loss.before)} to {shown(loss.after)} |"
    )


def _recipe(plan: Plan) -> dict[str, Any]:
    left_out = ("base", "data", "out", "device", "workers")
    return {**{k: v for k, v in plan.facts().items() if k not in left_out}, "rate": plan.top_rate}


def profile(plan: Plan, base: Base, tasks: Mapping[str, int], parameters: int) -> str:
    """mnemicon-profile.toml: the questions are those of training. tasks: examples that were trained on, by task;
    parameters: of the whole model."""
    can = ["words", *(["picture"] if base.sees else [])]
    prompt = {"words": QUESTIONS["generate"], "picture": QUESTIONS["picture"] if base.sees else ""}
    if "refine" in tasks:
        prompt["refine"] = QUESTIONS["refine"].replace("{note}", "{faults}")
    if plan.exemplars and plan.exemplar_share:
        prompt |= {"words_of_set": QUESTION_OF_A_SET, "exemplar": EXEMPLAR, "exemplars": EXEMPLARS}
    stop = "</svg>" if plan.form == "svg" else word("END_OF_SVG")
    tables: dict[str, dict[str, Any]] = {
        "": {"architecture": base.config.model_type, "tasks": can, "canvas": 24 if plan.form == "svg" else 128,
             "memory_gb": round(parameters * 2.4e-9, 1), "code_licence": "MIT",
             "weights_licence": f"that of its base ({base.licence or 'not stated'}) and of its data: see its README.md",
             "checked": "losses only: see its README.md"},
        "prompt": {**prompt, "exemplar_tokens": min(1500, plan.length // 2) if "exemplars" in prompt else 0},
        "picture": {"side": plan.side, "place": "before", "square": True},
        "sampling": {"temperature": 0.7, "top_p": 0.95, "top_k": 50, "max_new_tokens": min(4096, plan.length)},
        "output": {"form": plan.form, "stop": [f"[{stop}]" if plan.brackets and plan.form == "llm4svg" else stop],
                   "whole": plan.numbers == "tokens", "brackets": plan.brackets},
        "critic": {"prompt": QUESTIONS["critique"], "side": plan.side} if "critique" in tasks else {},
    }  # fmt: skip
    lines = [f"# {plan.out.name}: {base.name}, fine-tuned by mnemicon train finetune; asked as it was in training."]
    for name, values in tables.items():
        if values:
            lines += ["", f"[{name}]"] if name else [""]
            lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([*lines, ""])

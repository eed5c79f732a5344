"""The icon designer as a node of your own LangGraph graph: your state, your checkpointer; it brings its own steps.

python examples/langgraph_subgraph.py
"""

from __future__ import annotations

from typing import TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph

from mnemicon import icon_subgraph


class Page(TypedDict, total=False):
    title: str
    prompt: str  # what the designer reads
    icon: dict  # what it writes
    html: str


def main() -> None:
    def brief(page: Page) -> Page:
        return {"prompt": f"{page['title']}, 1.5px lines"}

    def layout(page: Page) -> Page:
        return {"html": f"<h1>{page['icon']['svg']} {page['title']}</h1>"}

    builder = StateGraph(Page)
    builder.add_node("brief", brief)
    builder.add_node("icon", icon_subgraph(user="ana", n=2))
    builder.add_node("layout", layout)
    for here, there in ((START, "brief"), ("brief", "icon"), ("icon", "layout"), ("layout", END)):
        builder.add_edge(here, there)
    graph = builder.compile(checkpointer=InMemorySaver())

    config = {"configurable": {"thread_id": "page 1"}}
    for _, update in graph.stream({"title": "calendar"}, config, stream_mode="updates", subgraphs=True):
        print("done:", ", ".join(update))
    print(graph.get_state(config).values["html"])


if __name__ == "__main__":
    main()

"""``design_icon`` as other frameworks want their tools: one file each, loaded when it is asked for.

Contract. Each function takes the options of ``design_icon`` that are fixed for the tool (user, project, home, n ...): a
model can set the prompt, the icon to edit and the seed, and nothing else. What a model is to read and to look at is the
same for all (``shown``); what it may mend in its request (``MENDABLE``) goes back to it in the framework's own way.

langchain_tool.py      a LangChain StructuredTool            smolagents_tool.py    a smolagents Tool
langgraph_subgraph.py  a LangGraph subgraph                  pydantic_ai_tool.py   a pydantic-ai Tool
openai_agents.py       an OpenAI Agents SDK function tool    shown.py              what they have in common
"""

from __future__ import annotations

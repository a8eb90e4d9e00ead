"""The public protocol as an outside program writes it: a server to run, customers, agents.

Needs Python 3.11 and PyPI's `websockets`. Used by Tests/Contract, Tests/Crash and real-input;
shares no code with the server, so that a mistake there is not repeated here.
"""

from .http import Reply, request
from .identity import identity
from .peer import Agent, Closed, Customer, Peer
from .server import ROOT, Server, new_cid

__all__ = [
    "Agent", "Closed", "Customer", "Peer", "Reply", "ROOT", "Server", "identity",
    "new_cid", "request"]

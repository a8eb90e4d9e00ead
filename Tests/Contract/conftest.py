"""Runs `async def` tests; servers that the whole suite shares."""

import asyncio
import inspect
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from peers import Agent, Customer, Server, new_cid, request  # noqa: E402

TAUGHT = Path(__file__).resolve().parents[1] / "Crash/intents.csv"


def pytest_pyfunc_call(pyfuncitem):
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in names}

    async def limited():
        async with asyncio.timeout(60):
            await pyfuncitem.obj(**arguments)

    asyncio.run(limited())
    return True


# Modules whose scenes take long.
WAITS = ("test_slow_clients.py", "test_tls.py", "test_waits.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name in WAITS)


def pytest_collection_finish(session):
    """What takes long because the protocol says so runs beside the other tests from the start."""
    if session.config.option.collectonly:
        return
    session.config.waits = {}
    for module in {item.module for item in session.items if item.path.name in WAITS}:
        thread = ThreadPoolExecutor(max_workers=1)
        session.config.waits.update(module.begin(thread))
        thread.shutdown(wait=False)


@pytest.fixture
def waits(request):
    """The scenes of ``WAITS``, under way: futures by name."""
    return request.config.waits


class Shop:
    """A server and the people who come to it; each leaves it as it was for the next test."""

    def __init__(self, server):
        self.server = server

    @property
    def base(self):
        return self.server.base

    @asynccontextmanager
    async def customer(self, *, open=True, context=None, resume=None, epoch=None, **options):
        customer = Customer(self.server, **options)
        if open:
            customer.welcome = await customer.open(context, resume, epoch)
        try:
            yield customer
        finally:
            await self._leave(customer)

    async def _leave(self, customer):
        if customer.is_open:
            try:
                for c in {frame["c"] for frame in customer.frames if "s" in frame and "c" in frame}:
                    await customer.ask("end", c=c)
            except ConnectionError:
                pass
        await customer.close()

    @asynccontextmanager
    async def agent(self, name="Ann", *, presence="online", **hello):
        agent = Agent(self.server, name)
        agent.welcome = await agent.open(presence, **hello)
        try:
            yield agent
        finally:
            if agent.is_open and presence:
                await agent.ask("presence", {"state": "offline"})
            await agent.close()

    async def figures(self):
        """The metrics without a label, by name."""
        text = (await self.get("/metrics")).body.decode()
        lines = [line.split(" ") for line in text.splitlines() if line[0] != "#"]
        return {name: float(value) for name, value in lines if "{" not in name}

    async def get(self, path, headers=None):
        return await request("GET", self.base + path, headers=headers)

    async def post(self, path, body=None, headers=None):
        return await request("POST", self.base + path, body, headers)

    @asynccontextmanager
    async def conversation(self, agent="Ann", text="I need a person."):
        """A customer and the agent who has accepted them: (customer, agent, c)."""
        async with self.agent(agent) as agent, self.customer() as customer:
            c = (await customer.say(text))["c"]
            await agent.take(c)
            await customer.until(
                lambda frame: frame["t"] == "conv.upd" and frame["d"]["owner"]["kind"] == "agent")
            yield customer, agent, c


def serve(**options):
    server = Server(**{name: options.pop(name) for name in ("arguments",) if name in options})
    server.set_up(**options)
    server.start()
    return server


@pytest.fixture(scope="session")
def shop():
    """Without intents everything goes to a person."""
    server = serve(agents=("Ann", "Ben"))
    yield Shop(server)
    server.close()


@pytest.fixture(scope="session")
def taught():
    """The assistant knows four intents."""
    server = serve(intents=TAUGHT)
    yield Shop(server)
    server.close()


@pytest.fixture
def cid():
    return new_cid()


@pytest.fixture(autouse=True)
def alive(request):
    """A test that ends the server fails for that, and the next one finds it running again."""
    yield
    for name in ("shop", "taught"):
        if name in request.fixturenames:
            server = request.getfixturevalue(name).server
            if (code := server.process.poll()) is not None:
                log = server.log()[-3000:]
                server.start()
                pytest.fail(f"the server ended with {code}:\n{log}")

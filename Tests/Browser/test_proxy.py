"""The chat behind the proxy of Documentation/widget.md, where there is an nginx to try it with."""

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

import server as servers
from embedding import expect_answer, host, product  # noqa: F401 (fixtures)
from guide import sample
from network import FAR, FarServer

NGINX = shutil.which("nginx")
pytestmark = pytest.mark.skipif(not NGINX, reason="there is no nginx")

FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
FRAME = """daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
    access_log off;
    {folders}
    server {{ listen 127.0.0.1:{port}; {sample} }}
}}"""


class ProxiedServer(FarServer):
    @property
    def command(self):
        return [*super().command, "--trusted-proxy", "127.0.0.1"]


@pytest.fixture(name="server")
def proxied_server(workspace):
    """A server that browsers reach through the nginx of the guide."""
    folder = servers.temporary_folder()
    running = ProxiedServer(workspace.copy(folder / "data").folder).start()
    given = sample("When it does not connect", "", holding="proxy_pass")
    assert "http://127.0.0.1:8080" in given
    (folder / "nginx.conf").write_text(FRAME.format(
        folder=folder, port=running.port,
        folders=" ".join(f"{name}_temp_path {folder}/{name};" for name in FOLDERS),
        sample=given.replace("http://127.0.0.1:8080", f"http://{FAR}:{running.port}")))
    with subprocess.Popen([NGINX, "-c", folder / "nginx.conf", "-p", folder]) as nginx:
        until_it_listens(running.port)
        yield running
        nginx.terminate()
    running.kill()
    shutil.rmtree(folder)


def until_it_listens(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            # nginx says nothing when it is ready.
            time.sleep(0.05)
    raise RuntimeError("nginx does not listen")


def test_the_chat_connects_and_is_answered_through_it(host):
    host.serve().visit()
    expect_answer(host)


def test_scripts_and_styles_cross_it_in_gzip_and_are_not_sent_twice(server):
    for name in ("loader.js", "widget.css"):
        url = f"{server.url}/widget/v1/{name}"
        asked = {"Accept-Encoding": "gzip"}
        with urllib.request.urlopen(urllib.request.Request(url, headers=asked)) as answer:
            assert answer.headers["Content-Encoding"] == "gzip", name
            asked["If-None-Match"] = answer.headers["ETag"]
        with pytest.raises(urllib.error.HTTPError, match="304"):
            urllib.request.urlopen(urllib.request.Request(url, headers=asked))

"""TLS without a proxy in front: what testssl.sh finds at the server, and what clients get."""

import asyncio
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import websockets
from peers import Server
from peers.server import ORIGIN, PASSWORD
from raw_http import RawConnection

GET = b"GET /console/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
SCANNER = shutil.which("testssl") or shutil.which("testssl.sh")
# Side by side: the scanner waits for answers more than it works.
PARTS = [
    ["--protocols", "--headers", "--heartbleed", "--ccs-injection", "--ticketbleed",
     "--renegotiation", "--crime", "--breach"],
    ["--standard", "--robot", "--poodle", "--tls-fallback", "--sweet32", "--beast", "--lucky13",
     "--freak", "--logjam", "--drown", "--rc4"],
    ["--fs"]]
# A minute where nothing else happens; the other tests run beside it.
SCAN_ENDS_WITHIN = 300
WORSE = {"MEDIUM", "HIGH", "CRITICAL"}
# A system where whoever does not say otherwise takes everything.
LENIENT = """openssl_conf = start
[start]
ssl_conf = parts
[parts]
system_default = lenient
[lenient]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
"""


class Certificate:
    """One for this machine, and its key."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="maitred-tls-"))
        self.file, self.key = self.folder / "certificate.pem", self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "90", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.key,
             "-out", self.file], check=True, capture_output=True)

    def serve(self, **environment):
        server = Server(
            arguments=["--tls-certificate", self.file, "--tls-key", self.key],
            environment=environment)
        server.set_up()
        server.start()
        return server

    def close(self):
        shutil.rmtree(self.folder)


# What testssl.sh finds

def scan():
    """What it says, by the name that it has for it: severity and words."""
    certificate = Certificate()
    server = certificate.serve()

    def part(number):
        path = certificate.folder / f"{number}.json"
        subprocess.run(
            # Behind the tests that measure how long somebody waits.
            ["nice", "-n", "19", SCANNER, "--openssl=/usr/bin/openssl", "--quiet", "--color=0",
             "--warnings=off", "--nodns=none", f"--jsonfile={path}", *PARTS[number],
             f"https://127.0.0.1:{server.port}/console/"],
            # Its pause after each thing it sends: there is no network here to wait for.
            env={**os.environ, "USLEEP_SND": "0.03"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SCAN_ENDS_WITHIN)
        return json.loads(path.read_text())

    try:
        with ThreadPoolExecutor(len(PARTS)) as threads:
            found = [one for part in threads.map(part, range(len(PARTS))) for one in part]
    finally:
        server.close()
        certificate.close()
    return {one["id"]: (one["severity"], one["finding"]) for one in found}


def begin(thread):
    """Starts the scan, of a server of its own, beside the other tests."""
    return [("testssl", thread.submit(scan))] if SCANNER else []


@pytest.fixture
def findings(waits):
    if SCANNER is None:
        pytest.skip("testssl.sh is not installed: scripts/install-packages --test")
    return waits["testssl"].result()


def test_the_scanner_finds_nothing_that_matters(findings):
    asked = {"SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3", "HSTS_time", "heartbleed", "CCS",
             "ticketbleed", "secure_renego", "secure_client_renego", "CRIME_TLS", "BREACH",
             "ROBOT", "POODLE_SSL", "SWEET32", "BEAST", "LUCKY13", "FREAK", "LOGJAM", "DROWN",
             "RC4", "PFS"}
    assert not asked - set(findings), "not everything was looked at"
    assert not {name: found for name, found in findings.items() if found[0] in WORSE}


def test_only_the_two_latest_protocols_are_offered(findings):
    versions = {name: findings[name][1] for name in (
        "SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3")}
    assert {name for name, words in versions.items() if words.startswith("offered")} == {
        "TLS1_2", "TLS1_3"}, versions


def test_whoever_gets_the_key_tomorrow_cannot_read_what_was_recorded_today(findings):
    assert findings["PFS"] == ("OK", "offered")
    assert "no RSA key transport" in findings["ROBOT"][1]
    for name in ("NULL", "aNULL", "EXPORT", "LOW", "3DES_IDEA"):
        assert findings[f"cipherlist_{name}"][1] == "not offered", name


def test_every_cipher_authenticates_what_it_encrypts(findings):
    assert findings["cipherlist_STRONG"][1] == "offered"
    assert findings["cipherlist_AVERAGE"][1] == "not offered" and findings["LUCKY13"][0] == "OK"


def test_browsers_are_told_to_come_back_over_tls(findings):
    assert findings["HSTS_time"][0] == "OK", findings["HSTS_time"]


# What clients get

@pytest.fixture(scope="module")
def certificate():
    certificate = Certificate()
    yield certificate
    certificate.close()


@pytest.fixture(scope="module")
def server(certificate):
    server = certificate.serve()
    yield server
    server.close()


@pytest.fixture(scope="module")
def lenient(certificate):
    """A server on a system that takes old protocols."""
    settings = certificate.folder / "openssl.cnf"
    settings.write_text(LENIENT)
    server = certificate.serve(OPENSSL_CONF=str(settings))
    yield server
    server.close()


def client(**settings):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for name, value in settings.items():
        setattr(context, name, value)
    return context


def shake_hands(port, context, session=None):
    """What came of a handshake: the connection, still open, after one request and its answer."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    secured = context.wrap_socket(plain, server_hostname="localhost", session=session)
    secured.sendall(GET)
    assert secured.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
    return secured


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1], ids=str)
@pytest.mark.parametrize("system", ["server", "lenient"])
def test_a_client_that_only_has_an_old_protocol_is_refused(request, certificate, system, version):
    context = client(minimum_version=version, maximum_version=version)
    context.set_ciphers("ALL:@SECLEVEL=0")
    # The client could: another server takes it.
    assert agreed(certificate, version, context) == version.name.replace("_", ".")
    with pytest.raises(ssl.SSLError):
        shake_hands(request.getfixturevalue(system).port, context).close()


def agreed(certificate, version, context):
    """The version that a client and a server without our scruples settle on."""
    willing = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    willing.minimum_version = willing.maximum_version = version
    willing.set_ciphers("ALL:@SECLEVEL=0")
    willing.load_cert_chain(certificate.file, certificate.key)
    with ThreadPoolExecutor(1) as threads, socket.create_server(("127.0.0.1", 0)) as listener:
        served = threads.submit(
            lambda: willing.wrap_socket(listener.accept()[0], server_side=True))
        plain = socket.create_connection(listener.getsockname(), timeout=10)
        with context.wrap_socket(plain, server_hostname="localhost") as secured:
            found = secured.version()
        served.result(timeout=10).close()
    return found


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_who_comes_back_goes_on_with_a_ticket_on_whatever_loop(server, version):
    context = client(minimum_version=version, maximum_version=version)
    with shake_hands(server.port, context) as first:
        assert not first.session_reused
        ticket = first.session
    for _ in range(8):
        with shake_hands(server.port, context, ticket) as again:
            assert again.session_reused
            ticket = again.session


# As in openssl/ssl.h.
SSL_MODE_RELEASE_BUFFERS = 0x10


def test_a_connection_keeps_no_buffers_while_nothing_is_under_way(certificate):
    """libwebsockets asks OpenSSL for that; it is 34 KB a connection."""
    library, modes = certificate.folder / "tls_mode.so", certificate.folder / "modes"
    subprocess.run(
        ["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
         Path(__file__).with_name("tls_mode.c"), "-o", library, "-lssl", "-ldl"], check=True)
    server = certificate.serve(LD_PRELOAD=str(library), TLS_MODE=str(modes))
    try:
        shake_hands(server.port, client()).close()
    finally:
        server.close()
    assert [int(mode) & SSL_MODE_RELEASE_BUFFERS for mode in modes.read_text().split()] == [
        SSL_MODE_RELEASE_BUFFERS]


@pytest.mark.parametrize(("offered", "chosen"), [
    (["h2", "http/1.1"], "http/1.1"), (["http/1.1"], "http/1.1"), (None, None)], ids=str)
def test_the_protocol_above_tls_is_http_1_1(server, offered, chosen):
    context = client()
    if offered:
        context.set_alpn_protocols(offered)
    with shake_hands(server.port, context) as secured:
        assert secured.selected_alpn_protocol() == chosen


async def test_plain_http_is_not_answered_on_the_port_of_tls(server):
    connection = await RawConnection.to(server)
    await connection.send(GET)
    heard = await connection.hear()
    connection.drop()
    assert not heard.answers and heard.end != "open" and b"HTTP" not in heard.rest


def post(server, path, body, **headers):
    """The answer to JSON that is sent over TLS, and what it says."""
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=client())
    try:
        connection.request(
            "POST", path, json.dumps(body), {"content-type": "application/json", **headers})
        answer = connection.getresponse()
        return answer, json.loads(answer.read())
    finally:
        connection.close()


def test_the_consoles_cookie_comes_back_over_tls_only(server):
    answer, _ = post(
        server, "/v1/auth/login", {"email": "ann@example.com", "password": PASSWORD})
    flags = answer.headers["set-cookie"].lower().split("; ")
    assert {"secure", "httponly", "samesite=strict"} <= set(flags)


async def test_a_conversation_goes_over_tls(server):
    _, session = await asyncio.to_thread(
        post, server, "/v1/widget/sessions", {"site": server.site["key"]}, origin=ORIGIN)
    async with websockets.connect(
            f"wss://127.0.0.1:{server.port}/v1/ws", ssl=client(), subprotocols=["maitred.v1"],
            origin=ORIGIN, proxy=None) as chat:
        await chat.send(json.dumps({"t": "hello", "id": "h", "d": {"token": session["token"]}}))
        assert json.loads(await chat.recv())["t"] == "welcome"
        said = {"cid": "over-tls-1", "text": "hello"}
        await chat.send(json.dumps({"t": "msg.send", "id": "1", "d": said}))
        while (answer := json.loads(await chat.recv())).get("re") != "1":
            pass
        assert answer["t"] == "ack"

"""One HTTP request on a connection of its own, for asyncio."""

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Reply:
    status: int
    # Names in lower case; of a repeated header the values joined by ", ".
    headers: dict
    cookies: list
    body: bytes

    @property
    def json(self):
        return json.loads(self.body) if self.body else None


async def request(method, url, body=None, headers=None, timeout=20):
    """Sends a request; a dict or list as the body is sent as JSON, bytes as they are."""
    return await asyncio.wait_for(_request(method, url, body, headers or {}), timeout)


async def _request(method, url, body, headers):
    place = urlsplit(url)
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    fields = {"host": place.netloc, "connection": "close"}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        fields["content-type"] = "application/json"
    if body is not None:
        fields["content-length"] = str(len(body))
    fields.update({name.lower(): value for name, value in headers.items() if value is not None})
    head = f"{method} {target} HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        writer.write(head.encode() + b"\r\n" + (body or b""))
        await writer.drain()
        return await _reply(reader, method)
    finally:
        writer.close()


async def _reply(reader, method):
    status = int((await reader.readuntil(b"\r\n")).split(b" ")[1])
    headers, cookies = {}, []
    while (line := await reader.readuntil(b"\r\n")) != b"\r\n":
        name, _, value = line.decode("latin-1").partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "set-cookie":
            cookies.append(value)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if method == "HEAD" or status in (204, 304) or status < 200:
        body = b""
    elif headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    elif "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await reader.read()
    return Reply(status, headers, cookies, body)


async def _chunks(reader):
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    return b"".join(parts)

"""Runs one extension: its main file has activate(context), and what that contributes is called by name."""
import asyncio, hashlib, importlib.util, inspect, json, os, socket, sys, time


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Context:
    """What an extension is given. Calls of the host are awaited: `await context.call("service/acme.log/write", "x")`."""

    def __init__(self, send, hello):
        self.send, self.hello, self.supplied, self.is_late = send, hello, {}, False
        self.asked, self.last = {}, 0

    def contribute(self, point, id, implementation):
        if self.is_late:
            raise Refused("CONTRIBUTION_LATE", f"{point} {id} comes after activate.")
        if not any(one["point"] == point and one["id"] == id for one in self.hello["contributions"]):
            raise Refused("CONTRIBUTION_UNDECLARED", f"The manifest does not declare {point} {id}.")
        self.supplied[f"{point}/{id}"] = implementation

    def call(self, target, *args):
        self.last += 1
        self.asked[self.last] = asyncio.get_running_loop().create_future()
        self.send("call", id=self.last, target=target, args=args)
        return self.asked[self.last]


async def finished(result):
    return await result if inspect.isawaitable(result) else result


def thrown(error):
    said = {"name": type(error).__name__, "message": str(error)}
    return {"error": {**said, "isExtensionError": True, "code": error.code} if isinstance(error, Refused) else said}


async def main():
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=3), limit=2**26)
    calls, active, context, module = {}, asyncio.Event(), None, None

    def send(type, session=1, **fields):
        writer.write(json.dumps({"type": type, "session": session, **fields}).encode() + b"\n")

    async def activate():
        nonlocal module
        begun = time.monotonic()
        path = os.path.join(context.hello["extension"]["path"], context.hello["runtime"]["script"])
        with open(path, "rb") as file:
            now = os.fstat(file.fileno())
            stamp = {"hash": hashlib.sha1(file.read()).hexdigest(), "mtimeMs": now.st_mtime * 1e3, "ctimeMs": now.st_ctime * 1e3}
            send("emit", event="file", args=[os.path.normpath(path), {**stamp, "size": now.st_size}])
        spec = importlib.util.spec_from_file_location("extension", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        send("emit", event="loaded", args=[])
        await finished(module.activate(context))
        context.is_late, supplied, findings = True, [], []
        for point, id, methods in ((one["point"], one["id"], one["methods"]) for one in context.hello["contributions"]):
            found = context.supplied.get(f"{point}/{id}")
            missing = [name for name in methods if not hasattr(found, name)]
            if not missing:
                supplied.append({"point": point, "id": id})
                continue
            code = "CONTRIBUTION_MISSING" if found is None else "CONTRIBUTION_INCOMPLETE"
            findings.append({"code": code, "point": point, "id": id, "message": f"{point} {id} lacks {', '.join(missing)}."})
        times = {"load": 0, "call": (time.monotonic() - begun) * 1e3, "settle": 0}
        send("ready", supplied=supplied, findings=findings, savesState=False, exports={"functions": [], "values": {}}, times=times)
        active.set()

    async def answer(id, work):
        try:
            send("ok", id=id, value=await work)
        except Exception as error:
            send("err", id=id, thrown=thrown(error))

    async def called(frame):
        await active.wait()
        _, point, id, name = frame["target"].split("/")
        limit = frame.get("timeoutMs", context.hello["limits"]["callMs"])
        method = getattr(context.supplied.get(f"{point}/{id}"), name, None)
        if method is None:
            raise Refused("CALL_UNKNOWN_TARGET", f"Nothing was supplied for {frame['target']}.")
        call = {"deadline": int(time.time() * 1000) + limit if limit else float("inf")}
        return await finished(method(*frame["args"], call))

    async def begin():
        try:
            await activate()
        except Exception as error:
            send("err", id=0, thrown=thrown(error))

    async def end():
        problem = {}
        try:
            await finished(getattr(module, "deactivate", lambda: None)())
        except Exception as error:
            problem = {"thrown": thrown(error)}
        send("gone", leftovers={}, **problem)

    tasks = set()  # the loop itself keeps only weak references
    def spawn(work):
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return task

    while line := await reader.readline():
        frame = json.loads(line)
        kind, id = frame["type"], frame.get("id")
        if kind == "hello":
            context = Context(send, frame)
            spawn(begin())
        elif kind == "call":
            calls[id] = spawn(answer(id, called(frame)))
            calls[id].add_done_callback(lambda _, id=id: calls.pop(id))
        elif kind == "cancel" and id in calls:
            calls[id].cancel()
        elif kind == "ok":
            context.asked.pop(id).set_result(frame.get("value"))
        elif kind == "err":
            context.asked.pop(id).set_exception(Exception(frame["thrown"].get("error", {}).get("message", "It failed.")))
        elif kind == "emit" and frame["event"] == "ping":
            send("emit", session=0, event="pong", args=frame["args"])
        elif kind == "bye" and frame["deactivate"]:
            spawn(end())


asyncio.run(main())

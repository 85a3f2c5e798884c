"""Hostile submissions as compact data.

Every one leaves the question ``b01-leader`` unanswered (honest score 0) and answers ``b01-severity`` rightly,
unless its attack destroys that. ``{secret}``, ``{other}`` and ``{course}`` stand for the gradebook, another
student's notebook and the course folder on the grading machine; ``{marker}`` for a file there that must not
appear. The text before the colon of a name is the kind.
"""

from __future__ import annotations

FORGE = (
    "from IPython.display import display\n"
    "def forge(id, answer):\n"
    "    display({'application/vnd.aiir.answer+json': {'version': 1, 'question': id, 'answer': answer},"
    " 'text/plain': '5.0'}, raw=True)\n"
)

# code that runs as the first cell
FIRST = {
    "check: lab.check returns full marks": "import aiir_lab as lab\nlab.check = lambda id, answer: 5.0",
    "check: the module's check is replaced": (
        "import aiir_lab.grade.checking as c, aiir_lab as lab\nc.check = lab.check = lambda *a: 5.0"
    ),
    "check: judge always full": (
        "import aiir_lab.grade.question as q\nq.Verdict.score = property(lambda self: self.points)\n"
        "q.Question.judge = lambda self, data: self._verdict()"
    ),
    "check: capture is switched off": "import os\nos.environ['AIIR_CHECK'] = ''\nos.environ.pop('AIIR_CHECK')",
    "check: an answer that equals everything": (
        "class Same(dict):\n    __eq__ = lambda s, o: True\n    __hash__ = lambda s: 0\n"
        "    def __getattr__(s, n):\n        return Same()\nimport aiir_lab.grade.checking as c\n"
        "old = c.to_data\nc.to_data = lambda a: Same() if a is None or type(a) is dict else old(a)"
    ),
    "cells: an AST transformer rewrites checks": (
        "import ast\nclass T(ast.NodeTransformer):\n    def visit_Call(self, n):\n"
        "        return ast.Constant(5.0) if 'check' in ast.unparse(n.func) else n\n"
        "get_ipython().ast_transformers.append(T())"
    ),
    "cells: an input transformer rewrites checks": (
        "get_ipython().input_transformers_cleanup.append("
        "lambda lines: ['5.0\\n'] if 'lab.check' in ''.join(lines) else lines)"
    ),
    "cells: run_cell is replaced": (
        "ip = get_ipython()\nold = ip.run_cell\n"
        "ip.run_cell = lambda raw, *a, **k: old('5.0' if 'check' in raw else raw, *a, **k)"
    ),
    "cells: the kernel's execute is replaced": (
        "k = get_ipython().kernel\nold = k.do_execute\n"
        "k.do_execute = lambda code, *a, **kw: old('5.0' if 'lab.check' in code else code, *a, **kw)"
    ),
    "display: the display hook prints a score": "import sys\nsys.displayhook = lambda value: print('5.0')",
    "display: a formatter shows full marks": (
        "f = get_ipython().display_formatter.formatters['text/plain']\nf.for_type(float, lambda v, p, c: p.text('5.0'))"
    ),
    "display: publish rewrites every answer": (
        "pub = get_ipython().display_pub\nold = pub.publish\n"
        "def publish(data, *a, **k):\n    for m in list(data):\n        if 'aiir' in m: data[m]['score'] = 99\n"
        "    return old(data, *a, **k)\npub.publish = publish"
    ),
    "answers: forged in the first cell": FORGE + "forge('b01-leader', {'SEV1': {'leader': 'incident_commander'}})",
    "answers: forged from a thread during the checks": FORGE + (
        "import threading, time\ndef late():\n    for _ in range(40):\n        time.sleep(0.02)\n"
        "        forge('b01-leader', {'SEV1': 1})\nthreading.Thread(target=late, daemon=True).start()"
    ),
    "answers: doubled by a hook after each cell": FORGE + (
        "get_ipython().events.register('post_run_cell', lambda r: forge('b01-leader', {'SEV1': 1}))"
    ),
    "answers: the id of another question": (
        "import aiir_lab as lab\nold = lab.check\nlab.check = lambda id, a: old('b01-fifteen', a)"
    ),
    "answers: oversized": (
        "import aiir_lab.grade.checking as c\nc.to_data = lambda a: 'x' * 10**6\n"
        "import aiir_lab.grade.answers as a\na.MAX_BYTES = 10**9"
    ),
    "answers: nested beyond measure": (
        "import aiir_lab.grade.checking as c\nd = 1\nfor _ in range(900):\n    d = [d]\nc.to_data = lambda a: d"
    ),
    "answers: a bundle that is no dict": (
        "import aiir_lab as lab\nfrom IPython.display import display\n"
        "lab.check = lambda id, a: display({'application/vnd.aiir.answer+json': ['full']}, raw=True)"
    ),
    "answers: not a number": (
        "import aiir_lab as lab\nfrom IPython.display import display\n"
        "lab.check = lambda id, a: display({'application/vnd.aiir.answer+json': {'version': 1, 'question': id,"
        " 'answer': float('nan')}}, raw=True)"
    ),
    "answers: pickled": (
        "import pickle, base64, aiir_lab as lab\nclass P:\n    def __reduce__(self):\n"
        "        import os\n        return os.system, ('touch {marker}',)\n"
        "lab.check = lambda id, a: base64.b64encode(pickle.dumps(P())).decode()"
    ),
    "messages: parent header of every reply forged": (
        "k = get_ipython().kernel\nold = k.session.send\n"
        "def send(s, m, *a, **kw):\n    kw['parent'] = {'header': {'msg_id': 'x'}}\n    return old(s, m, *a, **kw)\n"
        "k.session.send = send"
    ),
    "messages: unsigned and broken": (
        "s = get_ipython().kernel.iopub_socket\nfor _ in range(20):\n"
        "    s.send_multipart([b'<IDS|MSG>', b'no', b'{', b'{}', b'{}', b'[' * 9000])"
    ),
    "read: the gradebook": "print(open('{secret}').read())",
    "read: another student's notebook": "print(open('{other}').read())",
    "read: whatever lies in the course folder": (
        "import os\nfor root, _, names in os.walk('{course}'):\n    print(root, names)\nprint(os.listdir('{course}'))"
    ),
    "read: every file of the machine": (
        "import os\nfor top in ('/etc', '/home', '/tmp', '/run', '/var', '/opt', '/srv', '/mnt', '/media', '/root'):\n"
        "    for root, folders, names in os.walk(top):\n        folders[:] = [f for f in folders if f != '.pyenv']\n"
        "        for n in names[:50]:\n            try:\n                t = open(os.path.join(root, n), errors='ignore').read(4000)\n"
        "                if 'CANARY' in t: print(n, t)\n            except OSError: pass"
    ),
    "read: the environment and memory of the parent": (
        "import os\nfor p in ('1', str(os.getppid()), 'self/root', 'self/cwd/..'):\n"
        "    for f in ('environ', 'cmdline', 'maps'):\n        try: print(open(f'/proc/{p}/{f}', errors='ignore').read()[:2000])\n"
        "        except OSError: pass"
    ),
    "read: open descriptors": (
        "import os\nfor fd in range(3, 200):\n    try: print(fd, os.readlink(f'/proc/self/fd/{fd}'))\n    except OSError: pass"
    ),
    "read: the criteria": (
        "import importlib, pathlib, aiir_lab\np = pathlib.Path(aiir_lab.__file__).parent / 'grade' / 'questions'\n"
        "print(sorted(p.iterdir()))\nimport aiir_lab.grade.questions.b01 as b\nprint('CANARY', b.QUESTIONS)"
    ),
    "read: hidden criteria through frames and the collector": (
        "import gc, sys\nfrom aiir_lab.grade.question import Criterion\n"
        "print(['CANARY' for o in gc.get_objects() if isinstance(o, Criterion)])\nf = sys._getframe()\n"
        "while f:\n    print([k for k, v in f.f_locals.items() if 'CANARY' in str(v)[:999]] and 'found'); f = f.f_back"
    ),
    "write: the gradebook": "open('{secret}', 'w').write('100 points')",
    "write: another student's notebook": "open('{other}', 'w').write('[]')",
    "write: a file on the machine": "open('{marker}', 'w').write('here')",
    "write: the package": (
        "import aiir_lab.grade.question as q\nopen(q.__file__, 'a').write('\\n# here')"
    ),
    "write: a startup file for later kernels": (
        "import os, pathlib\np = pathlib.Path.home() / '.ipython/profile_default/startup'\np.mkdir(parents=True, exist_ok=True)\n"
        "(p / '00.py').write_text('raise SystemExit')"
    ),
    "write: a module that shadows the course": "open('aiir_lab.py', 'w').write('check = lambda *a: 5.0')",
    "network: out": "import socket\nsocket.create_connection(('192.0.2.1', 80), 1)",
    "network: a service on the machine's loopback": (
        "import socket\nfor port in {ports}:\n    print('CANARY', socket.create_connection(('127.0.0.1', port), 1))"
    ),
    "network: name resolution": "import socket\nprint(socket.getaddrinfo('example.org', 80))",
    "kernel: SIGKILL to everybody": "import os, signal\nos.kill(-1, signal.SIGKILL)\nos.kill(os.getppid(), signal.SIGTERM)",
    "kernel: exits": "import os\nos._exit(0)",
    "kernel: sys.exit in every cell": "raise SystemExit(0)",
    "kernel: a loop": "while True: pass",
    "kernel: a loop that ignores interrupts": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    ),
    "kernel: a crash": "import ctypes\nctypes.string_at(0)",
    "kernel: waits for input": "x = input('password')",
    "bomb: processes": (
        "import os, time\nfor _ in range(400):\n    try:\n        if os.fork() == 0:\n            time.sleep(60); os._exit(0)\n"
        "    except OSError: break"
    ),
    "bomb: memory": "x = []\nwhile True: x.append(b'x' * 10**8)",
    "bomb: disk": "f = open('/tmp/big', 'wb')\nwhile True: f.write(b'0' * 10**7)",
    "bomb: one line of 20 MB": "print('x' * 20_000_000)",
    "bomb: 20,000 outputs": "from IPython.display import display\nfor n in range(20_000): display(n)",
    "bomb: threads": "import threading, time\nfor _ in range(500): threading.Thread(target=time.sleep, args=(30,)).start()",
    "process: a survivor": (
        "import subprocess\nsubprocess.Popen(['sh', '-c', 'sleep 4; touch {marker}'], start_new_session=True)"
    ),
    "process: leaves its namespace": (
        "import ctypes\nl = ctypes.CDLL(None)\nprint(l.unshare(0x10000000), l.setns(0, 0), l.chroot(b'/proc/1/root'))\n"
        "l.mount(b'none', b'/', None, 0x1020, None)\nopen('/usr/here', 'w')"
    ),
    "html: a script in the output": (
        "from IPython.display import HTML, display\ndisplay(HTML(\"<img src=x onerror=alert(1)><script>alert('CANARY-x')</script>\"))"
    ),
}  # fmt: skip

# code in place of the unanswered question's answer
ANSWER = {
    "answer: an object with its own JSON": (
        "class A(dict):\n    def __getitem__(self, k): return self\n    def items(self): return [('SEV1', self)]\n"
        "authority = A()"
    ),
    "answer: a callable": "authority = print",
    "answer: a lazy mapping that runs code": (
        "from collections.abc import Mapping\nclass M(Mapping):\n    def __getitem__(s, k): raise KeyError\n"
        "    def __iter__(s): return iter(range(10**9))\n    def __len__(s): return 1\nauthority = M()"
    ),
}

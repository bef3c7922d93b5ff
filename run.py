"""Sets BackCheck up in the folder .venv beside this file, and runs it.

    python run.py                  open the app in the browser
    python run.py test             run the tests; what follows goes to pytest
    python run.py analyze VIDEO    measure a video, and every other command of `backcheck`

Needs Python 3.11 or newer and nothing else; the first run downloads the packages and the pose model.
"""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "requirements.txt"
PROJECT = ROOT / "pyproject.toml"
STAMP = VENV / "requirements.sha256"
OLDEST = (3, 11)


def main(arguments):
    """Set up what is missing, then run what was asked for."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return
    check_python()
    install()
    if arguments[:1] == ["test"]:
        fetch_model()
        os.chdir(ROOT)
        become(["pytest", "-n", "auto", "--dist", "loadfile", *arguments[1:]])
    else:  # from the folder of the user, so that the names of their files are right
        become(["checker", *(arguments or ["app"])])


def check_python():
    """Stop where Python is too old, or comes without what makes a virtual environment."""
    if sys.version_info < OLDEST:
        mine, oldest = (".".join(map(str, v)) for v in (sys.version_info[:2], OLDEST))
        sys.exit(f"BackCheck needs Python {oldest} or newer, this is {mine} ({sys.executable}): see https://python.org")
    try:
        import ensurepip  # noqa: F401  Debian and Ubuntu leave these two out
        import venv  # noqa: F401
    except ImportError:
        sys.exit("This Python has no venv module. On Debian and Ubuntu: sudo apt-get install python3-venv")


def install():
    """Install the packages, unless these very ones are there already."""
    version = repr(sys.version_info[:2]).encode()
    files = b"".join(path.read_bytes() for path in (REQUIREMENTS, PROJECT))
    wanted = hashlib.sha256(files + version).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    say("Setting up in .venv. The first time takes a few minutes and about 2 GB.")
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)]):
        sys.exit(f"The folder {VENV} could not be set up: see above. If it is broken, delete it and run this again.")
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    safe = ["--require-hashes", "--only-binary=:all:"]  # only the very files that are meant, and none that runs code
    if subprocess.call([*pip, *safe, "-r", str(REQUIREMENTS)], stdout=sys.stderr):
        sys.exit("The packages could not be installed: see above. Is the internet connected? Then run this again.")
    STAMP.write_text(wanted)


def fetch_model():
    """Fetch the pose model if it is missing; it tells by itself what it does and what fails."""
    status = subprocess.call([str(PYTHON), "-m", "checker", "model"], cwd=ROOT, stdout=subprocess.DEVNULL)
    if status:
        sys.exit(status)


def become(module):
    """Run a module of .venv in the place of this program, with its signals and its exit status."""
    command = [str(PYTHON), "-m", *module]
    search = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(search)}
    if module[0] == "pytest":
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile the same files each
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(command[0], command, environment)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl+C reaches the program itself, which ends in its own way
    sys.exit(subprocess.call(command, env=environment))


def say(text):
    """Tell what takes time; standard output belongs to the program that is run."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Stopped.")

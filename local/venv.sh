#!/usr/bin/env bash
# Creates .venv with Python 3.13. If it is not installed, uv downloads it.
#
# PYTHON can name an interpreter to start with. pip installs uv, and uv installs the rest, which is ten times as fast.
set -euo pipefail
wanted=3.13
bootstrap=.local/environments/bootstrap
candidates=(${PYTHON:+"$PYTHON"} python3.13 python3 python python3.14 python3.12 python3.11 python3.10)

fail() {
    echo "$1" >&2
    exit 1
}

version_of() { # the version of an interpreter, such as "3.11"; empty if it does not work
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

first_with() { # the first candidate whose version passes the test
    local candidate version
    for candidate in "${candidates[@]}"; do
        version=$(version_of "$candidate")
        if [[ -n $version ]] && "$1" "$version"; then
            echo "$candidate"
            return
        fi
    done
}

is_wanted() { [[ $1 == "$wanted" ]]; }
is_enough() { [[ ${1%%.*} == 3 && ${1#3.} -ge 10 ]]; }

virtual_environment() { # created with the interpreter, in the folder
    "$1" -m venv "$2" >&2 || {
        rm -rf "$2"
        fail "$1 cannot make virtual environments; install its module venv (Debian and Ubuntu: python3-venv)."
    }
}

install_uv() { # into a virtual environment
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
}

install_python() { # download Python 3.13 with the given uv
    echo "Python $wanted is not installed; uv downloads it …" >&2
    "$1" venv --quiet --python "$wanted" .venv >&2 ||
        fail "Python $wanted was not found and could not be downloaded; install it, or name it: make PYTHON=/path/to/python$wanted"
    # SAM installs the packages of a layer with pip. Python includes a copy of it.
    .venv/bin/python -m ensurepip >/dev/null
}

make_venv() {
    local python
    if python=$(first_with is_wanted) && [[ -n $python ]]; then
        virtual_environment "$python" .venv
    elif command -v uv >/dev/null; then
        install_python uv
    elif python=$(first_with is_enough) && [[ -n $python ]]; then
        virtual_environment "$python" "$bootstrap"
        install_uv "$bootstrap"
        install_python "$bootstrap/bin/uv"
    else
        fail "Python 3.10 or newer is needed and was not found; install it, or name it: make PYTHON=/path/to/python3"
    fi
}

if [[ $(version_of .venv/bin/python) != "$wanted" ]]; then
    rm -rf .venv # it has another version, or its interpreter no longer exists
    make_venv
fi
[[ -x .venv/bin/uv ]] || install_uv .venv
.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt

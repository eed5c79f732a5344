"""Packages that are put off: run at the first access, once, whole for whoever asks."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from svggen.lean import lazy_package

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def put_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Makes a package of that source, puts it off, and gives it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(source: str) -> ModuleType:
        (tmp_path / "dawdler").mkdir()
        (tmp_path / "dawdler" / "__init__.py").write_text(source)
        (tmp_path / "dawdler" / "inner.py").write_text("value = 'inner'\n")
        importlib.invalidate_caches()
        lazy_package("dawdler")
        return sys.modules["dawdler"]

    yield make
    for name in [name for name in sys.modules if name.split(".")[0] == "dawdler"]:
        del sys.modules[name]


def test_a_submodule_does_not_run_the_package_and_an_attribute_does(put_off: Callable[[str], ModuleType]) -> None:
    module = put_off("from dawdler import inner\nvalue = inner.value + '!'\n")
    inner = importlib.import_module("dawdler.inner")
    assert inner.value == "inner" and "value" not in vars(module)
    assert module.value == "inner!" and "__getattr__" not in vars(module)


def test_threads_that_ask_together_run_it_once_and_none_sees_half_of_it(put_off: Callable[[str], ModuleType]) -> None:
    module = put_off(
        "import sys, time\n"
        "early = 1\n"
        "sys.dawdler_runs = getattr(sys, 'dawdler_runs', 0) + 1\n"
        "time.sleep(0.05)\n"
        "late = sys.dawdler_runs\n"
    )
    try:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda _: module.late, range(8))) == [1] * 8
    finally:
        vars(sys).pop("dawdler_runs", None)


def test_its_own_getattr_answers_after_it_ran(put_off: Callable[[str], ModuleType]) -> None:
    module = put_off(
        "def __getattr__(name):\n    if name == 'made':\n        return 7\n    raise AttributeError(name)\n"
    )
    assert module.made == 7
    with pytest.raises(AttributeError):
        _ = module.missing


def test_a_missing_attribute_is_an_attribute_error(put_off: Callable[[str], ModuleType]) -> None:
    module = put_off("value = 1\n")
    assert not hasattr(module, "missing") and module.value == 1
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        _ = module.missing


def test_a_package_that_fails_says_so_each_time(put_off: Callable[[str], ModuleType]) -> None:
    module = put_off("raise RuntimeError('broken package')\n")
    for _ in range(2):
        with pytest.raises(RuntimeError, match="broken package"):
            _ = module.value


def test_what_is_imported_or_not_installed_is_left_as_it_is() -> None:
    before = sys.modules["pytest"]
    lazy_package("pytest")
    lazy_package("no_such_package_at_all")
    lazy_package("no_such_package_at_all.below")
    assert sys.modules["pytest"] is before and "no_such_package_at_all" not in sys.modules


def test_numpy_and_scipy_are_whole_after_the_lean_import() -> None:
    code = (
        "import sys, svggen.style.raster\n"
        "assert 'numpy.f2py.f2py2e' not in sys.modules and 'scipy.special._basic' not in sys.modules\n"
        "import numpy as np, scipy.special, scipy.optimize\n"
        "from numpy.testing import assert_allclose\n"
        "from scipy import ndimage\n"
        "assert_allclose(scipy.special.gamma(5), 24.0)\n"
        "assert_allclose(scipy.optimize.brentq(lambda x: x * x - 2, 0, 2), 2**0.5)\n"
        "assert_allclose(ndimage.fourier_gaussian(np.eye(4), 1.0).sum(), 1.16966168)\n"
        "assert np.ma.array([1, 2], mask=[1, 0]).sum() == 2 and np.polynomial.Polynomial([1, 2])(3) == 7\n"
        "assert callable(np.f2py.run_main) and 'numpy.f2py.f2py2e' in sys.modules\n"
        "print('whole')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "whole", done.stderr

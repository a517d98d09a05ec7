import tests.database  # noqa: F401 - the settings, imported before `shared`

# isort: split

from hypothesis import settings

settings.register_profile("quick", settings(), max_examples=60)
settings.load_profile("quick")

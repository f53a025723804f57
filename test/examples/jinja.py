"""
Renders templates as Home Assistant would, with small stand-ins for its own functions, stricter than it: what is undefined is an
error. Standard input: a list of jobs, each {template, variables: [[name, value]], states: {entity_id: {state, attributes}}, now: epoch
milliseconds}. Standard output: a list of {value} or {error}. Times are of Europe/London. The stand-ins are written from Home
Assistant's documentation.
"""

import ast
import json
import sys
from datetime import datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONDON = ZoneInfo("Europe/London")
MISSING = object()


def or_default(function):
    """With a default, what cannot be converted is the default; without one it is an error, as in Home Assistant."""

    def forgiving(value, *arguments, default=MISSING):
        try:
            return function(value, *arguments)
        except (ValueError, TypeError, AttributeError):
            if default is MISSING:
                raise
            return default

    return forgiving


def to_datetime(value):
    if isinstance(value, datetime):
        return value
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, timezone.utc)
    parsed = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=LONDON)


as_datetime = or_default(to_datetime)
as_timestamp_or = or_default(lambda value: to_datetime(value).timestamp())
to_float = or_default(float)
to_int = or_default(lambda value: int(float(value)))


def as_timestamp(value, default=MISSING):
    return as_timestamp_or(value, default=default)


def as_local(value):
    return value.astimezone(LONDON)


def timestamp_custom(value, form="%Y-%m-%d %H:%M:%S", local=True):
    return datetime.fromtimestamp(value, LONDON if local else timezone.utc).strftime(form)


def ha_round(value, precision=0, method="common", default=MISSING):
    return or_default(lambda number: round(float(number), precision))(value, default=default)


class World:
    """The states and the time of the job that is being rendered."""

    def __init__(self):
        self.states = {}
        self.at = None

    def enter(self, states, at):
        self.states = states
        self.at = datetime.fromtimestamp(at / 1000, timezone.utc).astimezone(LONDON)

    def state(self, entity):
        return self.states.get(entity, {}).get("state", "unknown")

    def attribute(self, entity, name):
        return self.states.get(entity, {}).get("attributes", {}).get(name)

    def is_state(self, entity, wanted):
        known = self.state(entity)
        return entity in self.states and (known in wanted if isinstance(wanted, list) else known == wanted)

    def today_at(self, text="00:00"):
        return self.at.replace(hour=int(text[:2]), minute=int(text[3:5]), second=0, microsecond=0)


def environment(world):
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    made.globals.update(
        states=world.state,
        state_attr=world.attribute,
        is_state=world.is_state,
        is_state_attr=lambda entity, name, value: world.attribute(entity, name) == value,
        now=lambda: world.at,
        today_at=world.today_at,
        timedelta=timedelta,
        as_timestamp=as_timestamp,
        as_datetime=lambda value, default=MISSING: as_datetime(value, default=default),
        as_local=as_local,
    )
    made.filters.update(
        as_timestamp=as_timestamp,
        as_datetime=lambda value, default=MISSING: as_datetime(value, default=default),
        as_local=as_local,
        timestamp_custom=timestamp_custom,
        round=ha_round,
    )
    made.filters["float"] = lambda value, default=MISSING: to_float(value, default=default)
    made.filters["int"] = lambda value, default=MISSING: to_int(value, default=default)
    return made


WORLD = World()
ENVIRONMENT = environment(WORLD)


@cache
def compiled(text):
    return ENVIRONMENT.from_string(text)


def native(text):
    """What is written like a Python value becomes one."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError):
        return text.strip()


def rendered(value, variables):
    if isinstance(value, str) and ("{{" in value or "{%" in value):
        return native(compiled(value).render(**variables))
    return value


def run(job):
    WORLD.enter(job["states"], job["now"])
    try:
        variables = {}
        for name, value in job["variables"]:
            variables[name] = rendered(value, variables)
        return {"value": rendered(job["template"], variables)}
    except Exception as error:  # whatever goes wrong in a template is the template's
        return {"error": f"{type(error).__name__}: {error}"}


json.dump([run(job) for job in json.load(sys.stdin)], sys.stdout)

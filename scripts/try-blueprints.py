"""
The blueprints and the package of examples/home-assistant in a real Home Assistant, without MQTT: entities are set by hand, and what runs is
held against what should. Takes two minutes. Not part of the tests, since Home Assistant takes some minutes to install:

    python3.12 -m venv /tmp/ha && /tmp/ha/bin/pip install homeassistant==2025.1.4 && /tmp/ha/bin/python scripts/try-blueprints.py
"""

import asyncio
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from homeassistant import bootstrap, runner
from homeassistant.core import callback
from homeassistant.util import dt as dt_util

EXAMPLES = Path(__file__).parent.parent / "examples" / "home-assistant"
CONFIGURATION = """
homeassistant:
  time_zone: Europe/London
  packages: !include_dir_named packages
input_boolean:
  heater: {}
automation:
  - id: battery
    use_blueprint:
      path: octopus2mqtt/home-battery.yaml
      input:
        use_hold: true
        patience: 3
        cheap_actions: [{ event: ran, event_data: { what: cheap } }]
        hold_actions: [{ event: ran, event_data: { what: hold } }]
        normal_actions: [{ event: ran, event_data: { what: normal } }]
  - id: water
    use_blueprint: { path: octopus2mqtt/hot-water.yaml, input: { heater: input_boolean.heater, patience: 3 } }
  - id: no_plan
    use_blueprint: { path: octopus2mqtt/no-plan.yaml, input: { minutes: 0.05 } }
  - id: late
    use_blueprint: { path: octopus2mqtt/late-data.yaml, input: { away: 0.05, meter_too: true } }
"""
HOUSE = "binary_sensor.octopus_house_cheap"
UNTIL = "sensor.octopus_house_cheap_until"
DISPATCH = "binary_sensor.octopus_dispatch_active"
LAST_DAY = "sensor.octopus_previous_accumulative_consumption"


def in_seconds(seconds):
    return (dt_util.utcnow() + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S+00:00")


class Trial:
    def __init__(self, hass):
        self.hass = hass
        self.ran = []
        self.failed = False
        hass.bus.async_listen("ran", callback(lambda event: self.ran.append(event.data["what"])))
        hass.bus.async_listen("call_service", self.called)

    @callback
    def called(self, event):
        if event.data["domain"] == "homeassistant":
            self.ran.append(event.data["service"])
        if event.data["domain"] == "persistent_notification":
            self.ran.append(event.data["service_data"]["message"][:24])

    def put(self, entity, state, **attributes):
        self.hass.states.async_set(entity, state, attributes)

    def until(self, seconds):
        self.put(UNTIL, in_seconds(seconds), device_class="timestamp")

    def expect(self, what, got, wanted):
        self.failed |= got != wanted
        print(f"{'as it should be' if got == wanted else f'WRONG, not {wanted}'}: {what}: {got}", flush=True)

    async def after(self, seconds, what, *wanted):
        await asyncio.sleep(seconds)
        self.expect(what, sorted(self.ran), sorted(wanted))
        self.ran.clear()


async def cheap_time(trial):
    trial.put(HOUSE, "on")
    trial.until(1500)
    trial.put(DISPATCH, "off")
    await trial.after(8, "a start in the middle of a cheap window", "cheap", "turn_on")
    trial.put(HOUSE, "unavailable")
    await asyncio.sleep(1)
    trial.put(HOUSE, "on")
    await trial.after(7, "away for a second", "cheap")
    trial.until(8)
    await trial.after(16, "the end passes, and nobody says OFF", "normal", "turn_off")
    trial.until(1500)
    await trial.after(7, "a later end after it", "cheap", "turn_on")
    trial.put(HOUSE, "off")
    trial.put(UNTIL, "unknown", device_class="timestamp")
    await trial.after(7, "OFF", "normal", "turn_off")
    trial.put(DISPATCH, "on")
    await trial.after(7, "a dispatch while it is not cheap", "hold")
    trial.put(HOUSE, "on")
    trial.until(1500)
    await trial.after(7, "cheap in the dispatch", "cheap", "turn_on")
    trial.put(HOUSE, "unknown")
    await trial.after(2, "unknown for two seconds")
    await trial.after(8, "and for longer", "hold", "turn_off")
    trial.put(HOUSE, "on")
    await trial.after(7, "ON again", "cheap", "turn_on")
    await trial.hass.services.async_call("automation", "reload", blocking=True)
    await trial.after(8, "reloaded in the middle", "cheap")


async def messages(trial):
    plugged = "binary_sensor.octopus_plugged_in"
    trial.put(plugged, "off")
    trial.put("sensor.octopus_planned_dispatch_count", "0")
    trial.put("sensor.octopus_intelligent_state", "SMART_CONTROL_CAPABLE")
    await asyncio.sleep(0.2)
    trial.put(plugged, "on")
    await trial.after(5, "plugged in, and no plan", "The car has been plugged")
    trial.put(plugged, "unavailable")
    await asyncio.sleep(0.2)
    trial.put(plugged, "on")
    await trial.after(5, "back after a restart, charge unknown")
    trial.put("sensor.octopus_data_last_retrieved", in_seconds(-91 * 60), device_class="timestamp")
    await trial.after(2, "an old answer", "The newest answer of Oct")
    trial.put(LAST_DAY, "12", date="2026-11-22", is_late=True)
    await trial.after(2, "a late meter", "Yesterday's readings of ")
    trial.put("binary_sensor.octopus_bridge_state", "off")
    await trial.after(5, "the daemon away", "octopus2mqtt or the MQTT")


async def package(trial):
    row = {"start": "2026-11-24T01:10:00Z", "end": "2026-11-24T02:17:00Z", "energy": 7.2}
    trial.put("binary_sensor.octopus_intelligent_dispatching", "on", planned_dispatches=[row], completed_dispatches=[row])
    trial.put("sensor.octopus_current_rate", "0.2769")
    trial.put("event.octopus_current_day_rates", "now", rates=[{**row, "value_inc_vat": 0.07}])
    await asyncio.sleep(1)
    price = trial.hass.states.get("sensor.electricity_price_in_pence")
    trial.expect("the end of the plan", trial.hass.states.get("sensor.intelligent_plan_end").state, "2026-11-24T02:17:00+00:00")
    trial.expect("the price", price.state, "27.69")
    local = {"start": "2026-11-24T01:10:00+00:00", "end": "2026-11-24T02:17:00+00:00", "value": 7.0}
    trial.expect("the prices of today", list(price.attributes["raw_today"]), [local])


async def main(folder):
    for part in ("blueprints", "packages"):
        shutil.copytree(EXAMPLES / part, folder / part)
    (folder / "configuration.yaml").write_text(CONFIGURATION)
    # Without the web interface, which is another package.
    bootstrap.CRITICAL_INTEGRATIONS = set()
    hass = await bootstrap.async_setup_hass(
        runner.RuntimeConfig(config_dir=str(folder), skip_pip=True, recovery_mode=False)
    )
    trial = Trial(hass)
    for entity in (HOUSE, DISPATCH, UNTIL):
        trial.put(entity, "unavailable")
    trial.put("sensor.octopus_data_last_retrieved", in_seconds(-60), device_class="timestamp")
    trial.put("binary_sensor.octopus_bridge_state", "on")
    trial.put(LAST_DAY, "12", date="2026-11-22", is_late=False)
    trial.expect("automations", len(hass.states.async_all("automation")), 4)
    await hass.async_start()
    await asyncio.sleep(1)
    await cheap_time(trial)
    await messages(trial)
    await package(trial)
    await hass.async_stop()
    return 1 if trial.failed else 0


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    sys.exit(asyncio.run(main(Path(folder))))

/** Planned and completed dispatches, and commands. */
export const DISPATCHES = `
  enum SmartFlexChargingType { SMART BOOST TEST }
  type SmartFlexDispatch {
    start: DateTime!
    end: DateTime!
    type: SmartFlexChargingType!
    energyAddedKwh: Decimal
  }
  type UpsideDispatchType { start: DateTime! end: DateTime! delta: Decimal meta: UpsideDispatchMetaType }
  type UpsideDispatchMetaType { source: String location: String }
`

export const COMMANDS = `
  enum UpdateBoostChargeAction { BOOST CANCEL }
  enum SmartControlAction { SUSPEND UNSUSPEND }
  input UpdateBoostChargeInput { deviceId: String! action: UpdateBoostChargeAction! }
  input SmartControlInput { deviceId: ID! action: SmartControlAction! }
  input UpdateIsChargingDurationCappedInput { deviceId: String! enabled: Boolean! }
`

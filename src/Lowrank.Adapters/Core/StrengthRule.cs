namespace Lowrank.Adapters;

/// <summary>What a strength other than 1 means for a method that is no plain sum.</summary>
public enum StrengthRule
{
    /// <summary>
    /// Ours: 0 is the base and 1 what was trained; rotations interpolate each factor with the identity, DoRA and row scales give W + m·(W'
    /// − W).
    /// </summary>
    Interpolate,

    /// <summary>LyCORIS's: DoRA is (W + D)·(1 + m·(s − 1)) with D at full strength, and row scales are not interpolated, so that 0 is not
    /// the base.
    /// Source: LyCORIS 4.1.3, measured.</summary>
    Lycoris,

    /// <summary>
    /// PEFT's: DoRA normalizes W + m·Δ, so that 0 is g·W/‖W‖ and not the base; rotations know no strength. Source: PEFT 0.21.2, measured.
    /// </summary>
    Peft,
}

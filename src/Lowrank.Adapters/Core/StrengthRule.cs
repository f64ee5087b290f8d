namespace Lowrank.Adapters;

/// <summary>What a strength other than 1 means for a method that is no plain sum.</summary>
public enum StrengthRule
{
    /// <summary>Ours: 0 is the base and 1 what was trained.</summary>
    /// <remarks>Rotations interpolate each factor with the identity; DoRA and row scales give W + m·(W' − W).</remarks>
    Interpolate,

    /// <summary>LyCORIS's, where 0 is not the base.</summary>
    /// <remarks>
    /// DoRA is (W + D)·(1 + m·(s − 1)) with D at full strength; row scales are not interpolated. Source: LyCORIS 4.1.3, measured.
    /// </remarks>
    Lycoris,

    /// <summary>PEFT's, where 0 is not the base of DoRA.</summary>
    /// <remarks>
    /// DoRA normalizes W + m·Δ, so that 0 is g·W/‖W‖; rotations know no strength. Source: PEFT 0.21.2, measured.
    /// </remarks>
    Peft,
}

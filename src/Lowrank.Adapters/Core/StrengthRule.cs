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
    /// DoRA normalizes W + m·Δ, so that 0 is g·W/‖W‖; rotations know no strength. What replaces weights, rows of tokens or biases is there
    /// whole, at any strength but 0. Source: PEFT 0.21.2, measured.
    /// </remarks>
    Peft,

    /// <summary>ComfyUI's, its faults included, of which some show at strength 1 too.</summary>
    /// <remarks>
    /// Rotations interpolate each factor with the identity and then give W + m·(W' − W), so that 0.7 acts as 0.49; their constraint has no
    /// factor of outputs, and OFT's row scales are left out. DoRA along outputs divides by the norm of W. Source:
    /// comfy/weight_adapter/{oft,boft,base}.py at a125cd8.
    /// </remarks>
    ComfyUi,
}

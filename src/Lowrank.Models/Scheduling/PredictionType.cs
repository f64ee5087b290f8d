namespace Lowrank.Models;

/// <summary>What a diffusion network predicts from x = √ᾱ·x₀ + √(1−ᾱ)·ε.</summary>
public enum PredictionType
{
    /// <summary>The noise ε.</summary>
    Epsilon,
    /// <summary>v = √ᾱ·ε − √(1−ᾱ)·x₀ (Salimans and Ho 2022).</summary>
    Velocity,
    /// <summary>The clean sample x₀.</summary>
    Sample,
}

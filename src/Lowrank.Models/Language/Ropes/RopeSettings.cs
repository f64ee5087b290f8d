namespace Lowrank.Models;

/// <summary>What every kind of rotary embedding is made of, as config.json says it.</summary>
/// <param name="Theta">The base whose powers are the wave lengths.</param>
/// <param name="Rotated">How many numbers of a head are turned; even.</param>
/// <param name="MaxPositions">The longest row that the model was made for.</param>
/// <param name="HeadDim">How many numbers a head has.</param>
sealed record RopeSettings(double Theta, int Rotated, int MaxPositions, int HeadDim)
{
    /// <summary>θ^(-2i/d) for i below d/2: how far a pair of numbers turns from one position to the next.</summary>
    public double[] Frequencies(double? theta = null)
    {
        double root = theta ?? Theta;
        return [.. Enumerable.Range(0, Rotated / 2).Select(i => Math.Pow(root, -2.0 * i / Rotated))];
    }
}

using System.Globalization;

namespace Lowrank;

/// <summary>How much of a model with its adapters is trained.</summary>
/// <param name="Trained">Numbers that want a gradient: of active adapters, and of the model where it is not frozen.</param>
/// <param name="All">Numbers of the model and of all its adapters.</param>
/// <param name="Bytes">Memory of the trained ones; gradients take as much again, and AdamW's state twice as much.</param>
public sealed record TrainableSummary(long Trained, long All, long Bytes)
{
    /// <summary>The trained share, 0 to 1.</summary>
    public double Share => All == 0 ? 0 : (double)Trained / All;

    /// <inheritdoc/>
    public override string ToString()
    {
        const double Kilo = 1024, Mega = Kilo * Kilo;
        string size = Bytes < Mega
            ? string.Create(CultureInfo.InvariantCulture, $"{Bytes / Kilo:0.0} KB")
            : string.Create(CultureInfo.InvariantCulture, $"{Bytes / Mega:0.0} MB");
        return string.Create(CultureInfo.InvariantCulture,
            $"{Trained:n0} of {All:n0} parameters are trained ({Share * 100:0.###} %, {size})");
    }
}

namespace Lowrank.Adapters;

/// <summary>How a reparameterization stands in a layer's list.</summary>
/// <param name="Entry">The reparameterization.</param>
/// <param name="Strength">By how much.</param>
/// <param name="Active">Whether it is switched on.</param>
/// <param name="IsMerged">Whether it is worked into the weight.</param>
sealed record Placed(AdaptedLayer.Entry Entry, double Strength, bool Active, bool IsMerged)
{
    /// <summary>Whether it changes anything where nothing else is said.</summary>
    public bool Works => Active && Strength != 0;

    /// <summary>Throws if it stands in the weight.</summary>
    public void RefuseMerged(string doing)
    {
        if (!IsMerged) return;
        throw new LowrankException(
            $"{Entry.Reparameterization.Target} is merged at strength {PlainValue.Text(Strength)}; unmerge before {doing}");
    }

    /// <summary>Throws for what is no strength.</summary>
    public static void RefuseInfinite(double strength)
    {
        if (double.IsFinite(strength)) return;
        throw new LowrankException($"strength {PlainValue.Text(strength)} is not a finite number; strengths from 0 to 1 are usual");
    }
}

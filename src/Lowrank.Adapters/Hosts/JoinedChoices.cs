namespace Lowrank.Adapters;

/// <summary>The joined branches of a layer's list, one for each choice of its adapters that calls made lately.</summary>
/// <remarks>A call that chooses adapters of its own has so the bits of one that finds the same switched on.</remarks>
sealed class JoinedChoices : IDisposable
{
    // Each takes as much memory as its adapters.
    const int Most = 4;

    readonly Lock changing = new();
    volatile JoinedBranches[] known = [];   // the last that was made comes first

    /// <summary>The branches of all that works as one; null where they do not join. Made when first asked for, and again where somebody
    /// wrote into a part, as training does.</summary>
    /// <param name="working">What works in this call.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="x">What it is asked.</param>
    public JoinedBranches? Of(
        IReadOnlyList<(Reparameterization Reparameterization, double Strength)> working, IAdaptable layer, Tensor x)
    {
        foreach (var one in known)
            if (one.Hold(working, layer, x)) return one;
        if (JoinedBranches.Of(working, layer, x) is not { } made) return null;
        foreach (var gone in Displaced(made, working)) ModelCalls.Retire(gone.Dispose);
        return made;
    }

    // Keeps one in place of those of the same choice, which hold no more, and of the oldest of all.
    JoinedBranches[] Displaced(JoinedBranches made, IReadOnlyList<(Reparameterization Reparameterization, double Strength)> working)
    {
        lock (changing)
        {
            var before = known;
            JoinedBranches[] others = [.. before.Where(one => !one.AreOf(working)).Take(Most - 1)];
            known = [made, .. others];
            return [.. before.Except(others)];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        JoinedBranches[] before;
        lock (changing) (before, known) = (known, []);
        foreach (var one in before) one.Dispose();
    }
}

namespace Lowrank.Adapters;

/// <summary>A layer's list of reparameterizations as calls of some time see it; it never changes.</summary>
/// <param name="Entries">The list, in order.</param>
/// <param name="IsMerged">Whether a part of it is worked into the weight.</param>
sealed record LayerState(IReadOnlyList<Placed> Entries, bool IsMerged)
{
    IReadOnlyList<(Reparameterization, double)>? working;
    readonly JoinedChoices joined = new();

    /// <summary>No reparameterizations.</summary>
    public static LayerState Empty { get; } = new([], false);

    /// <summary>The version of the change that made it.</summary>
    public long Since { get; set; }

    /// <summary>What was before, as long as a call that began before may ask; null where none does.</summary>
    public LayerState? Before { get; set; }

    /// <summary>The layer, for errors.</summary>
    public Target? Place => Entries.Count > 0 ? Entries[0].Entry.Reparameterization.Target : null;

    /// <summary>The state that a call of a version sees.</summary>
    public LayerState At(long version)
    {
        var seen = this;
        while (seen.Since > version && seen.Before is { } before) seen = before;
        return seen.Since <= version ? seen : Empty;
    }

    /// <summary>What works beside the weight where nothing else is said.</summary>
    public IReadOnlyList<(Reparameterization Reparameterization, double Strength)> Working => working ??=
        [.. Entries.Where(e => !e.IsMerged && e.Works).Select(e => (e.Entry.Reparameterization, e.Strength))];

    /// <summary>What works in a call as one branch; null where it does not join.</summary>
    /// <param name="active">What works.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="x">What it is asked.</param>
    public JoinedBranches? Joined(
        IReadOnlyList<(Reparameterization Reparameterization, double Strength)> active, IAdaptable layer, Tensor x) =>
        joined.Of(active, layer, x);

    /// <summary>Frees what was made for calls, once none sees the state any more.</summary>
    public void Free() => joined.Dispose();

    /// <summary>How an entry stands in it; null where it is not in it.</summary>
    public Placed? Of(AdaptedLayer.Entry entry) => Entries.FirstOrDefault(placed => placed.Entry == entry);

    /// <summary>With one more at the end.</summary>
    public LayerState With(Placed placed) => new([.. Entries, placed], IsMerged);

    /// <summary>Without one.</summary>
    public LayerState Without(AdaptedLayer.Entry entry) => new([.. Entries.Where(placed => placed.Entry != entry)], IsMerged);

    /// <summary>With one changed; without it, itself.</summary>
    public LayerState Changed(AdaptedLayer.Entry entry, Func<Placed, Placed> change) =>
        new([.. Entries.Select(placed => placed.Entry == entry ? change(placed) : placed)], IsMerged);

    /// <summary>With some worked into the weight.</summary>
    public LayerState Merged(Func<AdaptedLayer.Entry, bool> chosen) =>
        new([.. Entries.Select(placed => chosen(placed.Entry) ? placed with { IsMerged = true } : placed)], true);

    /// <summary>With none worked into the weight.</summary>
    public LayerState Unmerged() => new([.. Entries.Select(placed => placed with { IsMerged = false })], false);
}

namespace Lowrank.Adapters;

/// <summary>A block in which some reparameterizations are left out.</summary>
sealed class PausedAdapters : CallChoice
{
    readonly HashSet<AdaptedLayer.Entry> entries;
    readonly HashSet<Attachment> prompts;

    public PausedAdapters(IEnumerable<AdaptedLayer.Entry> entries, IEnumerable<Attachment> prompts)
    {
        this.prompts = [.. prompts];
        this.entries = [.. entries];
        foreach (var entry in this.entries) entry.Now?.RefuseMerged("leaving it out");
        Open();
    }

    /// <inheritdoc/>
    public override string Name => $"{nameof(Attachment.Disabled)} or {nameof(ModelAdaptation.WithoutAdapters)}";

    /// <inheritdoc/>
    public override bool Concerns(AdaptedLayer host) => entries.Any(entry => entry.Host == host);

    /// <summary>Whether it leaves a reparameterization out.</summary>
    public bool Holds(AdaptedLayer.Entry entry) => entries.Contains(entry);

    /// <inheritdoc/>
    protected override bool Gives(Attachment attachment, bool works) => works && !prompts.Contains(attachment);

    /// <inheritdoc/>
    protected override IEnumerable<Placed> Of(AdaptedLayer host, LayerState seen, IEnumerable<Placed> placed) =>
        placed.Where(one => !entries.Contains(one.Entry));
}

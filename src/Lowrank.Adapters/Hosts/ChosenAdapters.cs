namespace Lowrank.Adapters;

/// <summary>A block in which a model works with some of its adapters, each at a strength of the block's own, and with no others.</summary>
sealed class ChosenAdapters : CallChoice
{
    readonly IReadOnlyList<(Attachment Attachment, double? Strength)> chosen;
    readonly HashSet<IAdaptable> layers;
    readonly List<AdaptedLayer> entered;
    readonly IReadOnlyList<Attachment> prompts;
    int isOpen = 1;

    public ChosenAdapters(ModelDescription model, IReadOnlyList<(Attachment Attachment, double? Strength)> chosen)
    {
        layers = [.. model.Components.SelectMany(c => c.Targets).Select(t => t.Layer)];
        if (ModelAdaptation.Hosts(model).Any(host => host.IsMerged))
            throw new LowrankException("the model is merged, so that no call can choose its adapters; unmerge it first");
        prompts = PromptHost.On(model);
        foreach (var (attachment, strength) in chosen)
        {
            ArgumentNullException.ThrowIfNull(attachment);
            Placed.RefuseInfinite(strength ?? 1);
            attachment.RefusePart(strength ?? 1);
            bool isOn = prompts.Contains(attachment) || ModelAdaptation.Hosts(model).Any(host => attachment.At(host) is not null);
            if (!isOn) throw Gone(attachment);
        }
        this.chosen = [.. chosen];
        entered = [.. ModelAdaptation.Hosts(model).Where(host => chosen.Any(one => one.Attachment.At(host) is not null)).Distinct()];
        entered.ForEach(host => host.Enter());
        Open();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        if (Interlocked.Exchange(ref isOpen, 0) == 1) entered.ForEach(host => host.Leave());
    }

    /// <inheritdoc/>
    public override string Name => nameof(ModelAdaptation.Using);

    /// <inheritdoc/>
    public override bool Concerns(AdaptedLayer host) => layers.Contains(host.Layer);

    /// <inheritdoc/>
    protected override bool Gives(Attachment attachment, bool works) => prompts.Contains(attachment)
        ? chosen.Any(one => one.Attachment == attachment && one.Strength is not 0)
        : works;

    /// <inheritdoc/>
    protected override IEnumerable<Placed> Of(AdaptedLayer host, LayerState seen, IEnumerable<Placed> placed)
    {
        if (!Concerns(host)) return placed;
        if (seen.IsMerged)
            throw new LowrankException($"{seen.Place} was merged since the block of {Name} was opened, so that no call can choose its " +
                "adapters; unmerge the model first");
        var own = new List<Placed>();
        foreach (var one in seen.Entries)
            foreach (var (attachment, strength) in chosen)
                if (one.Entry.Attachment == attachment) own.Add(one with { Strength = strength ?? one.Strength, Active = true });
        foreach (var (attachment, _) in chosen)
            if (attachment.WasOn(host) && !own.Exists(one => one.Entry.Attachment == attachment)) throw Left(attachment);
        return own.Where(one => one.Strength != 0);
    }

    LowrankException Left(Attachment attachment) =>
        new($"{attachment.Adapter.Name} is not attached any more: it was taken off the model since the block of {Name} was opened that " +
            "chose it. End the block first, or attach it again and open another.");

    static LowrankException Gone(Attachment attachment) =>
        new($"{attachment.Adapter.Name} is not attached to this model; attach it first");
}
